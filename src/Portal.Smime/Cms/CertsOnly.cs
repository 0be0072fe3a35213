using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Cms;

/// <summary>A SignedData of nobody, for the certificates in it (RFC 8551 §3.6).</summary>
public static class CertsOnly
{
    /// <returns>DER.</returns>
    public static byte[] Write(IEnumerable<X509Certificate2> certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.PushSetOf().Dispose();
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                }

                using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    foreach (var certificate in certificates)
                    {
                        writer.WriteEncodedValue(certificate.RawDataMemory.Span);
                    }
                }

                writer.PushSetOf().Dispose();
            }
        }

        return writer.Encode();
    }
}
