using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores;

/// <summary>A pair on its way into a store.</summary>
/// <param name="Pair">RSA or ECDsa.</param>
/// <param name="Algorithm">Its kind and size.</param>
internal sealed record ImportedPair(AsymmetricAlgorithm Pair, KeyAlgorithm Algorithm) : IDisposable
{
    /// <param name="pkcs8">PrivateKeyInfo.</param>
    /// <exception cref="KeyStoreException">No key of a kind and size that stores hold.</exception>
    public static ImportedPair Read(ReadOnlySpan<byte> pkcs8) =>
        ReadRsa(pkcs8) ?? ReadCurve(pkcs8) ?? throw new KeyStoreException(KeyStoreFailure.NotSupported, "A key store holds RSA keys of 2048, 3072 or 4096 bits, and P-256, P-384 and P-521.");

    public void Dispose() => Pair.Dispose();

    private static ImportedPair? ReadRsa(ReadOnlySpan<byte> pkcs8)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            if (rsa.KeySize switch { 2048 => KeyAlgorithm.Rsa2048, 3072 => KeyAlgorithm.Rsa3072, 4096 => KeyAlgorithm.Rsa4096, _ => default(KeyAlgorithm?) } is { } algorithm)
            {
                return new ImportedPair(rsa, algorithm);
            }
        }
        catch (CryptographicException)
        {
            // Not RSA.
        }

        rsa.Dispose();
        return null;
    }

    private static ImportedPair? ReadCurve(ReadOnlySpan<byte> pkcs8)
    {
        var curve = ECDsa.Create();
        try
        {
            curve.ImportPkcs8PrivateKey(pkcs8, out _);
            if (curve.ExportParameters(false).Curve.Oid.Value switch
            {
                "1.2.840.10045.3.1.7" => KeyAlgorithm.P256,
                "1.3.132.0.34" => KeyAlgorithm.P384,
                "1.3.132.0.35" => KeyAlgorithm.P521,
                _ => default(KeyAlgorithm?),
            } is { } algorithm)
            {
                return new ImportedPair(curve, algorithm);
            }
        }
        catch (CryptographicException)
        {
            // Not a curve.
        }

        curve.Dispose();
        return null;
    }
}
