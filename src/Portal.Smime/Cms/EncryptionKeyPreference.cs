using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Cms;

/// <summary>RFC 8551 §2.5.3: which certificate to encrypt answers for.</summary>
internal static class EncryptionKeyPreference
{
    private static readonly Asn1Tag IssuerAndSerialNumber = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag SubjectAltKeyIdentifier = new(TagClass.ContextSpecific, 2);

    public static byte[] Encode(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        CertificateIdentifiers.WriteIssuerAndSerialNumber(writer, certificate, IssuerAndSerialNumber);
        return writer.Encode();
    }

    /// <returns>Null for the alternative that nobody uses, and for anything malformed.</returns>
    public static RecipientIdentifier? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            var reader = new AsnReader(value, AsnEncodingRules.BER);
            var tag = reader.PeekTag();
            if (tag == IssuerAndSerialNumber)
            {
                return CertificateIdentifiers.ReadIssuerAndSerialNumber(reader.ReadSequence(tag));
            }

            return tag.HasSameClassAndValue(SubjectAltKeyIdentifier)
                ? new RecipientIdentifier.SubjectKeyIdentifier(Convert.ToHexString(reader.ReadOctetString(tag)))
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
