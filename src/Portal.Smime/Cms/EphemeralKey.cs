using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.OpenSsl;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Our half of a key agreement, made for one recipient and one message (RFC 5753 §3.1.1).</summary>
internal sealed class EphemeralKey : IDisposable
{
    private readonly KeyAgreementScheme _scheme;
    private readonly byte[] _secret;

    private EphemeralKey(string keyAlgorithm, string agreementAlgorithm, byte[] publicKey, byte[] secret)
    {
        (KeyAlgorithm, AgreementAlgorithm, PublicKey, _secret) = (keyAlgorithm, agreementAlgorithm, publicKey, secret);
        _scheme = KeyAgreementScheme.Find(agreementAlgorithm)!;
    }

    /// <summary>Object identifier of the public key.</summary>
    public string KeyAlgorithm { get; }

    /// <summary>Object identifier of keyEncryptionAlgorithm.</summary>
    public string AgreementAlgorithm { get; }

    /// <summary>A point, or 32 bytes of X25519.</summary>
    public byte[] PublicKey { get; }

    /// <param name="recipient">Of acceptable strength.</param>
    /// <returns>Null for a key that agrees on nothing, be it that its point is none of its curve.</returns>
    public static EphemeralKey? For(ParsedCertificate recipient)
    {
        if (recipient.Key is { Oid.Value: Oids.X25519 } key)
        {
            return OnCurve25519(key);
        }

        EphemeralKey? made = null;
        try
        {
            ImportedKeys.ForAgreement.Use(recipient, theirs => (made = OnCurve((ECDiffieHellman)theirs)) is not null);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return made;
    }

    public byte[] Derive(byte[] sharedInformation, int length) => _scheme.Derive(_secret, sharedInformation, length);

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    // RFC 5753 §7.1.4 and RFC 5008: a digest as strong as the curve.
    private static EphemeralKey OnCurve(ECDiffieHellman theirs)
    {
        var curve = theirs.ExportParameters(false).Curve;
        using var ours = ECDiffieHellman.Create(curve);
        using var peer = theirs.PublicKey;
        var point = ours.ExportParameters(false).Q;
        return new EphemeralKey(
            Oids.EcPublicKey,
            point.X!.Length switch { 32 => Oids.EcdhSha256Kdf, 48 => Oids.EcdhSha384Kdf, _ => Oids.EcdhSha512Kdf },
            [0x04, .. point.X, .. point.Y!],
            ours.DeriveRawSecretAgreement(peer));
    }

    private static EphemeralKey? OnCurve25519(PublicKey recipient)
    {
        using var ours = EvpPrivateKey.NewX25519();
        return ours.Derive(recipient.ExportSubjectPublicKeyInfo()) is { } secret
            ? new EphemeralKey(Oids.X25519, Oids.EcdhHkdfSha256, ours.PublicKey(), secret)
            : null;
    }
}
