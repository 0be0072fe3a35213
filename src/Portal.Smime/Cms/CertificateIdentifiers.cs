using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Cms;

/// <summary>SignerIdentifier and RecipientIdentifier on the wire (RFC 5652 §5.3, §6.2.1).</summary>
internal static class CertificateIdentifiers
{
    private static readonly Asn1Tag SubjectKeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    public static RecipientIdentifier Read(AsnReader reader)
    {
        if (reader.PeekTag().HasSameClassAndValue(SubjectKeyIdentifierTag))
        {
            var value = reader.ReadOctetString(SubjectKeyIdentifierTag);
            return new RecipientIdentifier.SubjectKeyIdentifier(Convert.ToHexString(value));
        }

        return ReadIssuerAndSerialNumber(reader.ReadSequence());
    }

    public static RecipientIdentifier.IssuerAndSerialNumber ReadIssuerAndSerialNumber(AsnReader fields)
    {
        var issuer = fields.ReadEncodedValue();
        var serialNumber = fields.ReadIntegerBytes();
        fields.ThrowIfNotEmpty();
        return RecipientIdentifier.IssuerAndSerialNumber.From(issuer.Span, serialNumber.Span);
    }

    public static void WriteIssuerAndSerialNumber(AsnWriter writer, X509Certificate2 certificate, Asn1Tag? tag = null)
    {
        using (writer.PushSequence(tag))
        {
            writer.WriteEncodedValue(certificate.IssuerName.RawData);
            writer.WriteInteger(certificate.SerialNumberBytes.Span);
        }
    }

    public static bool Names(this RecipientIdentifier identifier, X509Certificate2 certificate) =>
        RecipientIdentifier.AllOf(certificate).Contains(identifier);

    /// <exception cref="ArgumentException">The certificate has no such identifier.</exception>
    public static void Write(AsnWriter writer, X509Certificate2 certificate, NamedBy namedBy)
    {
        if (namedBy == NamedBy.IssuerAndSerialNumber)
        {
            WriteIssuerAndSerialNumber(writer, certificate);
            return;
        }

        writer.WriteOctetString(KeyIdentifier(certificate), SubjectKeyIdentifierTag);
    }

    /// <exception cref="ArgumentException">The certificate has no such identifier.</exception>
    public static byte[] KeyIdentifier(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes.ToArray()
        ?? throw new ArgumentException("The certificate has no subject key identifier.", nameof(certificate));
}
