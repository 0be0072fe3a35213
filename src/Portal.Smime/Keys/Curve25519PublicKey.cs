using System.Formats.Asn1;

namespace Portal.Smime.Keys;

/// <summary>SubjectPublicKeyInfo of Ed25519 and X25519 (RFC 8410 §4): an object identifier and 32 bytes.</summary>
internal static class Curve25519PublicKey
{
    public const int Length = 32;

    public static byte[] Encode(string algorithm, ReadOnlySpan<byte> key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }
}
