using System.Formats.Asn1;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>The ephemeral public key of a key agreement (RFC 5652 §6.2.2), as the SubjectPublicKeyInfo that key stores take.</summary>
internal static class OriginatorPublicKey
{
    private const byte Uncompressed = 0x04;

    /// <summary>Room for all but the point.</summary>
    private const int AlgorithmBytes = 48;

    /// <param name="fields">Of OriginatorPublicKey.</param>
    /// <returns>DER; null for a kind of key that we do not compute with.</returns>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static byte[]? Read(AsnReader fields)
    {
        var algorithm = AlgorithmIdentifier.Read(fields);
        var key = fields.ReadBitString(out var unusedBits);
        fields.ThrowIfNotEmpty();
        if (unusedBits != 0)
        {
            return null;
        }

        return algorithm.Algorithm switch
        {
            Oids.X25519 when key.Length == Curve25519PublicKey.Length => Curve25519PublicKey.Encode(Oids.X25519, key),
            Oids.EcPublicKey => Encode(Curve(algorithm, key), key),
            _ => null,
        };
    }

    // RFC 5753 §3.1.1: parameters are absent, NULL or the curve; the recipient's key is on the same, and the point's length says which.
    private static string? Curve(AlgorithmIdentifier algorithm, byte[] point)
    {
        if (!algorithm.HasNoParameters && algorithm.Parameters is { } parameters)
        {
            return new AsnReader(parameters, AsnEncodingRules.BER).ReadObjectIdentifier();
        }

        return (point.Length, point.Length > 0 ? point[0] : 0) switch
        {
            (65, Uncompressed) => Oids.P256,
            (97, Uncompressed) => Oids.P384,
            (133, Uncompressed) => Oids.P521,
            _ => null,
        };
    }

    private static byte[]? Encode(string? curve, byte[] point)
    {
        if (curve is not (Oids.P256 or Oids.P384 or Oids.P521))
        {
            return null;
        }

        var writer = new AsnWriter(AsnEncodingRules.DER, AlgorithmBytes + point.Length);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.EcPublicKey);
                writer.WriteObjectIdentifier(curve);
            }

            writer.WriteBitString(point);
        }

        return writer.Encode();
    }
}
