using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

internal enum KeyStrength
{
    Acceptable,

    /// <summary>Computable, but not to be relied on.</summary>
    Weak,

    /// <summary>Of a kind or size that we do not compute with at all.</summary>
    Unsupported,
}

internal static class KeyStrengths
{
    private const int SmallestModulus = 2048;
    private const int LargestModulus = 16384;

    public static KeyStrength Strength(this PublicKey key)
    {
        try
        {
            return key.Oid.Value switch
            {
                Oids.RsaEncryption or Oids.RsassaPss => OfRsa(key.EncodedKeyValue.RawData),
                Oids.EcPublicKey => OfCurve(key.EncodedParameters?.RawData),
                Oids.Dsa => KeyStrength.Weak,
                Oids.Ed25519 or Oids.X25519 => KeyStrength.Acceptable,
                _ => KeyStrength.Unsupported,
            };
        }
        catch (AsnContentException)
        {
            return KeyStrength.Unsupported;
        }
    }

    // FIPS 186-5 §5.1: an odd exponent between 2^16 and 2^256, at least 2048 bits.
    private static KeyStrength OfRsa(byte[] encoded)
    {
        var fields = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        var modulus = fields.ReadInteger();
        var exponent = fields.ReadInteger();
        var bits = modulus.Sign > 0 ? modulus.GetBitLength() : 0;
        if (bits > LargestModulus || exponent.Sign <= 0 || exponent.GetBitLength() > 256)
        {
            return KeyStrength.Unsupported;
        }

        return bits < SmallestModulus || exponent.IsEven || exponent <= 65536 || modulus.IsEven ? KeyStrength.Weak : KeyStrength.Acceptable;
    }

    private static KeyStrength OfCurve(byte[]? parameters)
    {
        if (parameters is null || parameters.Length == 0 || parameters[0] != 0x06)
        {
            return KeyStrength.Unsupported;
        }

        var curve = new AsnReader(parameters, AsnEncodingRules.DER).ReadObjectIdentifier();
        return curve is Oids.P256 or Oids.P384 or Oids.P521 ? KeyStrength.Acceptable : KeyStrength.Unsupported;
    }
}
