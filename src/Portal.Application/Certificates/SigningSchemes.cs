using Portal.Smime.Keys;

namespace Portal.Application.Certificates;

internal static class SigningSchemes
{
    /// <summary>What a key of this kind signs with here.</summary>
    public static SignatureScheme For(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Rsa2048 or KeyAlgorithm.Rsa3072 or KeyAlgorithm.Rsa4096 => SignatureScheme.RsaPkcs1Sha256,
        KeyAlgorithm.P256 => SignatureScheme.EcdsaSha256,
        KeyAlgorithm.P384 => SignatureScheme.EcdsaSha384,
        KeyAlgorithm.P521 => SignatureScheme.EcdsaSha512,
    };
}
