using System.Security.Cryptography;
using System.Text;
using Portal.Application.AtRest;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>
/// A content's key for one reader: an ephemeral P-256 key agrees with the reader's (ECDH), and what HKDF-SHA-256 makes of that
/// (RFC 5869) seals it. The ephemeral key's SubjectPublicKeyInfo stands before it.
/// </summary>
internal static class LinkWrapping
{
    private const int EphemeralLength = 91;

    public static byte[] Wrap(SealingKey content, ManagedKey reader, SecureLinkId link)
    {
        using var peer = ECDiffieHellman.Create();
        peer.ImportSubjectPublicKeyInfo(reader.SubjectPublicKeyInfo, out _);
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = ephemeral.ExportSubjectPublicKeyInfo();
        using var sealing = Agreed(ephemeral.DeriveRawSecretAgreement(peer.PublicKey), publicKey, link);
        return [.. publicKey, .. content.SealUnder(sealing, Context(link))];
    }

    /// <exception cref="CryptographicException">Not what was wrapped for this key.</exception>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public static async Task<SealingKey> UnwrapAsync(byte[] wrapped, IPrivateKey reader, SecureLinkId link, CancellationToken cancellationToken)
    {
        var publicKey = wrapped[..EphemeralLength];
        var secret = (await reader.DeriveAsync(publicKey, cancellationToken)).ToArray();
        using var sealing = Agreed(secret, publicKey, link);
        return SealingKey.OpenUnder(sealing, wrapped.AsSpan(EphemeralLength), Context(link));
    }

    private static SealingKey Agreed(byte[] secret, byte[] ephemeral, SecureLinkId link)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SealingKey.Length, salt: ephemeral, info: Encoding.UTF8.GetBytes($"secure link/{link}"));
        CryptographicOperations.ZeroMemory(secret);
        return new SealingKey(key);
    }

    private static byte[] Context(SecureLinkId link) => SealedValue.Context("secure_links.wrapped_key", link.Value);
}
