using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace Portal.Smime.Keys;

/// <summary>Writes PKCS#12 (RFC 7292) as strong as it can be: PBES2 with AES-256 and PBKDF2.</summary>
public static class Pkcs12Writing
{
    /// <summary>Of the encryption and of the check sum; what software of today writes.</summary>
    private const int Iterations = 600_000;

    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations);

    /// <param name="pairs">Each under the name of its certificate's holder.</param>
    /// <param name="password">By which it is opened.</param>
    public static byte[] Write(IReadOnlyList<FilePair> pairs, string password)
    {
        var (keys, certificates) = (new Pkcs12SafeContents(), new Pkcs12SafeContents());
        foreach (var pair in pairs)
        {
            var identifier = new Pkcs9LocalKeyId(SHA256.HashData(pair.Certificate.RawDataMemory.Span));
            using var key = Key(pair.PrivateKeyInfo);
            keys.AddShroudedKey(key, password, Encryption).Attributes.Add(identifier);
            certificates.AddCertificate(pair.Certificate).Attributes.Add(identifier);
            foreach (var above in pair.Chain)
            {
                certificates.AddCertificate(above);
            }
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(keys);
        builder.AddSafeContentsEncrypted(certificates, password, Encryption);
        builder.SealWithMac(password, HashAlgorithmName.SHA256, Iterations);
        return builder.Encode();
    }

    private static AsymmetricAlgorithm Key(byte[] privateKeyInfo)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(privateKeyInfo, out _);
            return rsa;
        }
        catch (CryptographicException)
        {
            var curve = ECDsa.Create();
            curve.ImportPkcs8PrivateKey(privateKeyInfo, out _);
            return curve;
        }
    }
}
