using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal enum SystemKeyState
{
    /// <summary>The portal has never been started on this database.</summary>
    NotMade,

    Works,

    /// <summary>It opens something else than this installation's secret.</summary>
    Foreign,
}

/// <summary>The installation's own secret, wrapped by a key in the default key store: seals what belongs to no organisation.</summary>
internal sealed class SystemKey(PortalDatabase database, ConfiguredKeyStores stores, TimeProvider clock)
{
    private const int SecretLength = 32;
    private byte[]? _secret;

    /// <summary>Once per process, before the first request; makes the installation's row when there is none.</summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var installation = await FindAsync(cancellationToken) ?? await CreateAsync(cancellationToken);
        _secret = await UnwrapAsync(installation, cancellationToken)
            ?? throw new KeyStoreException(KeyStoreFailure.Refused, "The system key does not unwrap this installation's secret: is it another installation's key store?");
    }

    /// <summary>Whether it would work; makes nothing.</summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<SystemKeyState> ProbeAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } installation)
        {
            return SystemKeyState.NotMade;
        }

        var secret = await UnwrapAsync(installation, cancellationToken);
        CryptographicOperations.ZeroMemory(secret);
        return secret is null ? SystemKeyState.Foreign : SystemKeyState.Works;
    }

    private async Task<byte[]?> UnwrapAsync(Installation installation, CancellationToken cancellationToken)
    {
        var secret = await stores.Open(installation.SystemKey).UnwrapKeyAsync(installation.WrappedSystemSecret, KeyTransportScheme.RsaOaepSha256, cancellationToken);
        return secret.Length == SecretLength ? secret.ToArray() : null;
    }

    /// <summary>AES-256-GCM: nonce, ciphertext, tag.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plaintext)
    {
        var value = new byte[12 + plaintext.Length + 16];
        RandomNumberGenerator.Fill(value.AsSpan(0, 12));
        using var cipher = new AesGcm(Secret, 16);
        cipher.Encrypt(value.AsSpan(0, 12), plaintext, value.AsSpan(12, plaintext.Length), value.AsSpan(12 + plaintext.Length));
        return value;
    }

    /// <exception cref="CryptographicException">Not sealed by this installation.</exception>
    public byte[] Open(ReadOnlySpan<byte> value)
    {
        var plaintext = new byte[value.Length - 28];
        using var cipher = new AesGcm(Secret, 16);
        cipher.Decrypt(value[..12], value[12..^16], value[^16..], plaintext);
        return plaintext;
    }

    private byte[] Secret => _secret ?? throw new InvalidOperationException("The system key is not prepared yet.");

    private async Task<Installation?> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.ReadInstallationAsync(cancellationToken);
        return await db.Installations.SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<Installation> CreateAsync(CancellationToken cancellationToken)
    {
        var created = await stores.Default.CreateAsync($"system-{Guid.NewGuid():N}", KeyAlgorithm.Rsa3072, KeyUse.Decrypt, cancellationToken);
        using var wrapping = RSA.Create();
        wrapping.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        var installation = new Installation(created.Reference.ToString(), wrapping.Encrypt(secret, RSAEncryptionPadding.OaepSHA256), clock.GetUtcNow());
        CryptographicOperations.ZeroMemory(secret);
        try
        {
            await using var db = await database.InstallationAsync(cancellationToken);
            db.Installations.Add(installation);
            await db.CommitAsync(cancellationToken);
            return installation;
        }
        catch (DbUpdateException)
        {
            // Another node was first; its row is the one.
            return await FindAsync(cancellationToken) ?? throw new InvalidOperationException("The installation's row cannot be written.");
        }
    }
}
