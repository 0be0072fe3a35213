using System.Security.Cryptography;
using Portal.Smime.Pkix;

namespace Portal.Smime.Legacy;

/// <summary>What old signatures were made with: computed so that a reader can be told, never trusted (RFC 8551 Appendix B).</summary>
internal static class LegacyAlgorithms
{
    private const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    private const string DsaWithSha1 = "1.2.840.10040.4.3";
    private const string DsaWithSha256 = "2.16.840.1.101.3.4.3.2";
    private const string EcdsaWithSha1 = "1.2.840.10045.4.1";

    /// <summary>Ciphers that can be broken today, whether they are read or not: DES, RC4, RC2, 3DES.</summary>
    public static bool IsWeakCipher(string algorithm) => algorithm is "1.3.14.3.2.7" or "1.2.840.113549.3.4" or "1.2.840.113549.3.2" or "1.2.840.113549.3.7";

    /// <returns>Null for a digest that is not SHA-1: of MD5, not even computing says anything.</returns>
    public static HashAlgorithmName? FindDigest(AlgorithmIdentifier identifier) =>
        identifier is { HasNoParameters: true, Algorithm: Oids.Sha1 } ? HashAlgorithmName.SHA1 : null;

    /// <param name="identifier">signatureAlgorithm of a SignerInfo.</param>
    /// <param name="digest">Its digestAlgorithm.</param>
    public static SignatureAlgorithm? FindSignature(AlgorithmIdentifier identifier, HashAlgorithmName digest)
    {
        if (identifier.Algorithm == Oids.RsassaPss)
        {
            return SignatureAlgorithm.FindPss(identifier) is { } pss && pss.Hash == digest ? pss : null;
        }

        var family = identifier.Algorithm switch
        {
            Sha1WithRsa or Oids.RsaEncryption when digest == HashAlgorithmName.SHA1 => SignatureFamily.RsaPkcs1,
            EcdsaWithSha1 when digest == HashAlgorithmName.SHA1 => SignatureFamily.Ecdsa,
            DsaWithSha1 or Oids.Dsa when digest == HashAlgorithmName.SHA1 => SignatureFamily.Dsa,
            DsaWithSha256 or Oids.Dsa when digest == HashAlgorithmName.SHA256 => SignatureFamily.Dsa,
            _ => default(SignatureFamily?),
        };
        return family is { } found && identifier.HasNoParameters ? new SignatureAlgorithm(found, digest) : null;
    }
}
