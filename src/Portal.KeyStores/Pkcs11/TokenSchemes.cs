using System.Formats.Asn1;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>Our schemes as mechanisms of a token (PKCS#11 v2.40, mechanisms, §2.1 and §2.3).</summary>
internal static class TokenSchemes
{
    /// <summary>CKZ_DATA_SPECIFIED: the label stands in the parameters, and is empty.</summary>
    private const ulong LabelSpecified = 1;

    private const int Sha1Length = 20;

    private static IMechanismParamsFactory Parameters => TokenConnection.Factories.MechanismParamsFactory;

    public static IMechanism Mechanism(SignatureScheme scheme)
    {
        var digest = Digest.Of(scheme.Hash());
        return scheme switch
        {
            _ when scheme.IsPss() => Create(CKM.CKM_RSA_PKCS_PSS, Parameters.CreateCkRsaPkcsPssParams((ulong)digest.Mechanism, (ulong)digest.Mask, (ulong)digest.Length)),
            _ when scheme.IsRsa() => TokenConnection.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS),
            _ => TokenConnection.Factories.MechanismFactory.Create(CKM.CKM_ECDSA),
        };
    }

    public static IMechanism Mechanism(KeyTransportScheme scheme)
    {
        if (scheme == KeyTransportScheme.RsaPkcs1)
        {
            return TokenConnection.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS);
        }

        var digest = Digest.Of(scheme.Padding().OaepHashAlgorithm);
        return Create(CKM.CKM_RSA_PKCS_OAEP, Parameters.CreateCkRsaPkcsOaepParams((ulong)digest.Mechanism, (ulong)digest.Mask, LabelSpecified, []));
    }

    public static int DigestLength(SignatureScheme scheme) => Digest.Of(scheme.Hash()).Length;

    /// <summary>What CKM_RSA_PKCS signs (RFC 8017 §9.2, step 2).</summary>
    public static byte[] DigestInfo(ReadOnlySpan<byte> digest, SignatureScheme scheme)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(CryptoConfig.MapNameToOID(scheme.Hash().Name!)!);
                writer.WriteNull();
            }

            writer.WriteOctetString(digest);
        }

        return writer.Encode();
    }

    private static IMechanism Create(CKM mechanism, Net.Pkcs11Interop.HighLevelAPI.MechanismParams.IMechanismParams parameters) =>
        TokenConnection.Factories.MechanismFactory.Create(mechanism, parameters);

    private sealed record Digest(CKM Mechanism, CKG Mask, int Length)
    {
        public static Digest Of(HashAlgorithmName hash) => hash.Name switch
        {
            nameof(HashAlgorithmName.SHA1) => new Digest(CKM.CKM_SHA_1, CKG.CKG_MGF1_SHA1, Sha1Length),
            nameof(HashAlgorithmName.SHA256) => new Digest(CKM.CKM_SHA256, CKG.CKG_MGF1_SHA256, SHA256.HashSizeInBytes),
            nameof(HashAlgorithmName.SHA384) => new Digest(CKM.CKM_SHA384, CKG.CKG_MGF1_SHA384, SHA384.HashSizeInBytes),
            nameof(HashAlgorithmName.SHA512) => new Digest(CKM.CKM_SHA512, CKG.CKG_MGF1_SHA512, SHA512.HashSizeInBytes),
            _ => throw new ArgumentOutOfRangeException(nameof(hash)),
        };
    }
}
