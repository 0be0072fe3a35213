using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

internal static class LocalKeyAgreement
{
    /// <param name="key">On a named curve.</param>
    /// <param name="peerPublicKey">DER SubjectPublicKeyInfo from a stranger.</param>
    /// <returns>The x coordinate, as long as the field.</returns>
    /// <exception cref="KeyStoreException">The peer's key is none of this curve.</exception>
    public static byte[] Derive(UnsealedKey key, ReadOnlySpan<byte> peerPublicKey)
    {
        using var ours = ECDiffieHellman.Create();
        ours.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        using var theirs = ECDiffieHellman.Create();
        try
        {
            theirs.ImportSubjectPublicKeyInfo(peerPublicKey, out var read);
            if (read == peerPublicKey.Length && SameCurve(ours, theirs))
            {
                using var peer = theirs.PublicKey;
                return ours.DeriveRawSecretAgreement(peer);
            }
        }
        catch (CryptographicException)
        {
            // A point that is not on the curve, or no public key at all: refused below.
        }

        throw new KeyStoreException(KeyStoreFailure.Refused, "The peer's public key is none of this key's curve.");
    }

    // Curves by their own parameters are refused: a name is all that can be compared.
    private static bool SameCurve(ECDiffieHellman ours, ECDiffieHellman theirs)
    {
        var (mine, other) = (ours.ExportParameters(false).Curve, theirs.ExportParameters(false).Curve);
        return mine.IsNamed && other.IsNamed && mine.Oid.Value == other.Oid.Value;
    }
}
