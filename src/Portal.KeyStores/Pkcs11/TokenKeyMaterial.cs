using System.Formats.Asn1;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.HighLevelAPI.Factories;

namespace Portal.KeyStores.Pkcs11;

/// <summary>The numbers of a pair as attributes of its two objects (PKCS#11 v2.40, mechanisms, §2.1.2, §2.1.3, §2.3.3, §2.3.4).</summary>
/// <param name="Public">Of the public key.</param>
/// <param name="Private">Of the private one.</param>
internal sealed record TokenKeyMaterial(IReadOnlyList<IObjectAttribute> Public, IReadOnlyList<IObjectAttribute> Private)
{
    private static IObjectAttributeFactory Attributes => TokenConnection.Factories.ObjectAttributeFactory;

    public static TokenKeyMaterial Of(AsymmetricAlgorithm pair) => pair is RSA rsa ? Of(rsa.ExportParameters(true)) : Of(((ECDsa)pair).ExportParameters(true));

    private static TokenKeyMaterial Of(RSAParameters key) => new(
        [Attributes.Create(CKA.CKA_MODULUS, key.Modulus), Attributes.Create(CKA.CKA_PUBLIC_EXPONENT, key.Exponent)],
        [
            Attributes.Create(CKA.CKA_MODULUS, key.Modulus),
            Attributes.Create(CKA.CKA_PUBLIC_EXPONENT, key.Exponent),
            Attributes.Create(CKA.CKA_PRIVATE_EXPONENT, key.D),
            Attributes.Create(CKA.CKA_PRIME_1, key.P),
            Attributes.Create(CKA.CKA_PRIME_2, key.Q),
            Attributes.Create(CKA.CKA_EXPONENT_1, key.DP),
            Attributes.Create(CKA.CKA_EXPONENT_2, key.DQ),
            Attributes.Create(CKA.CKA_COEFFICIENT, key.InverseQ),
        ]);

    private static TokenKeyMaterial Of(ECParameters key)
    {
        var (curve, point) = (new AsnWriter(AsnEncodingRules.DER), new AsnWriter(AsnEncodingRules.DER));
        curve.WriteObjectIdentifier(key.Curve.Oid.Value!);
        point.WriteOctetString([0x04, .. key.Q.X!, .. key.Q.Y!]);
        return new TokenKeyMaterial(
            [Attributes.Create(CKA.CKA_EC_PARAMS, curve.Encode()), Attributes.Create(CKA.CKA_EC_POINT, point.Encode())],
            [Attributes.Create(CKA.CKA_EC_PARAMS, curve.Encode()), Attributes.Create(CKA.CKA_VALUE, key.D)]);
    }
}
