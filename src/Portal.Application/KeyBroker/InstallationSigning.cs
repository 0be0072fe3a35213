using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <param name="SubjectPublicKeyInfo">DER, of the P-256 key that signed.</param>
/// <param name="Signature">r‖s over the SHA-256 of what was signed.</param>
internal sealed record InstallationSignature(byte[] SubjectPublicKeyInfo, byte[] Signature)
{
    /// <summary>SHA-256 of the public key, hexadecimal.</summary>
    public string KeyFingerprint => Convert.ToHexStringLower(SHA256.HashData(SubjectPublicKeyInfo));
}

/// <summary>Signs in the installation's own name. The system key only decrypts, and no key does both.</summary>
internal sealed class InstallationSigning(PortalDatabase database, ConfiguredKeyStores stores, TimeProvider clock)
{
    private const SignatureScheme Scheme = SignatureScheme.EcdsaSha256;

    /// <summary>The newest key, made the first time; that it is about to sign is on record with whom it signs for.</summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<InstallationKey> RequestAsync(Actor.Portal actor, CancellationToken cancellationToken)
    {
        var key = (await ListAsync(cancellationToken)).FirstOrDefault() ?? await CreateAsync(cancellationToken);
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(Event(actor, AuditAction.KeyUseRequested, key));
        await db.CommitAsync(cancellationToken);
        return key;
    }

    /// <summary>What a use came to: for the record, with the work that it was for.</summary>
    public static AuditEvent Event(Actor.Portal actor, AuditAction action, InstallationKey key) =>
        new(actor, action, Detail: new Dictionary<string, string> { ["key"] = key.Reference, ["task"] = key.Purpose.ToString() });

    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<InstallationSignature> SignAsync(InstallationKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var signature = await stores.Open(key.Reference).SignDigestAsync(SHA256.HashData(content.Span), Scheme, cancellationToken);
        return new InstallationSignature(key.SubjectPublicKeyInfo, signature.ToArray());
    }

    public static bool Verifies(InstallationSignature signature, ReadOnlySpan<byte> content)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(signature.SubjectPublicKeyInfo, out _);
            return key.VerifyData(content, signature.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>
    /// Public keys whose private halves the key store really has: each signs a fresh challenge, so that a public key that
    /// was put into the database by somebody else is not among them.
    /// </summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<IReadOnlyList<byte[]>> ProvenKeysAsync(CancellationToken cancellationToken)
    {
        var proven = new List<byte[]>();
        foreach (var key in await ListAsync(cancellationToken))
        {
            var challenge = RandomNumberGenerator.GetBytes(32);
            var signature = await stores.Open(key.Reference).SignDigestAsync(SHA256.HashData(challenge), Scheme, cancellationToken);
            if (Verifies(new InstallationSignature(key.SubjectPublicKeyInfo, signature.ToArray()), challenge))
            {
                proven.Add(key.SubjectPublicKeyInfo);
            }
        }

        return proven;
    }

    private async Task<List<InstallationKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.ReadInstallationAsync(cancellationToken);
        return await db.InstallationKeys
            .Where(one => one.Purpose == InstallationKeyPurpose.SignCheckpoint)
            .OrderByDescending(one => one.CreatedAt)
            .ToListAsync(cancellationToken);
    }

    private async Task<InstallationKey> CreateAsync(CancellationToken cancellationToken)
    {
        var created = await stores.Default.CreateAsync($"checkpoints-{Guid.NewGuid():N}", KeyAlgorithm.P256, KeyUse.Sign, cancellationToken);
        var key = new InstallationKey(InstallationKeyPurpose.SignCheckpoint, created, clock.GetUtcNow());
        await using var db = await database.InstallationAsync(cancellationToken);
        db.InstallationKeys.Add(key);
        await db.CommitAsync(cancellationToken);
        return key;
    }
}
