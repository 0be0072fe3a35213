using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests;

/// <summary>The tests' own reading of the schemes, apart from the stores'.</summary>
internal static class Schemes
{
    public static HashAlgorithmName Hash(SignatureScheme scheme)
    {
        var name = scheme.ToString();
        return name.EndsWith("256", StringComparison.Ordinal) ? HashAlgorithmName.SHA256
            : name.EndsWith("384", StringComparison.Ordinal) ? HashAlgorithmName.SHA384
            : HashAlgorithmName.SHA512;
    }

    public static RSASignaturePadding Padding(SignatureScheme scheme) =>
        scheme.ToString().Contains("Pss", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    public static RSAEncryptionPadding Padding(KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.RsaPkcs1 => RSAEncryptionPadding.Pkcs1,
        KeyTransportScheme.RsaOaepSha1 => RSAEncryptionPadding.OaepSHA1,
        KeyTransportScheme.RsaOaepSha256 => RSAEncryptionPadding.OaepSHA256,
        KeyTransportScheme.RsaOaepSha384 => RSAEncryptionPadding.OaepSHA384,
        KeyTransportScheme.RsaOaepSha512 => RSAEncryptionPadding.OaepSHA512,
    };
}
