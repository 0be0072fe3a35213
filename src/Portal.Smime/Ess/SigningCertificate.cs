using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Smime.Ess;

/// <summary>Binds a signature to one certificate: SigningCertificateV2 (RFC 5035 §3), and its SHA-1 forerunner for reading (RFC 2634 §5.4).</summary>
internal static class SigningCertificate
{
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4, isConstructed: true);

    /// <summary>SigningCertificateV2 with SHA-256, which is its default and therefore left out.</summary>
    public static byte[] Encode(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawDataMemory.Span));
            WriteIssuerSerial(writer, certificate);
        }

        return writer.Encode();
    }

    /// <summary>Whether the attributes, where present, name this certificate as the signer's.</summary>
    /// <exception cref="AsnContentException">An attribute that is none.</exception>
    public static bool Agrees(SignedAttributes attributes, X509Certificate2 certificate)
    {
        if (!attributes.TryGetSingle(Oids.SigningCertificateV2, out var second) || !attributes.TryGetSingle(Oids.SigningCertificate, out var first))
        {
            return false;
        }

        return (second is not { } newer || Names(newer, certificate, isSecond: true))
            && (first is not { } older || Names(older, certificate, isSecond: false));
    }

    // RFC 5035 §3: the first identifier is the signer's own; the others limit the path and are not needed to bind.
    private static bool Names(ReadOnlyMemory<byte> value, X509Certificate2 certificate, bool isSecond)
    {
        var identifier = new AsnReader(value, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadSequence();
        HashAlgorithmName? hash = isSecond ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1;
        if (isSecond && identifier.PeekTag() == Asn1Tag.Sequence)
        {
            hash = DigestAlgorithms.Find(AlgorithmIdentifier.Read(identifier));
        }

        if (hash is not { } name || !certificate.GetCertHash(name).AsSpan().SequenceEqual(identifier.ReadOctetString()))
        {
            return false;
        }

        return !identifier.HasData || IssuerSerialNames(identifier.ReadSequence(), certificate);
    }

    private static bool IssuerSerialNames(AsnReader fields, X509Certificate2 certificate)
    {
        var names = fields.ReadSequence();
        var name = names.PeekTag() == DirectoryName ? names.ReadSequence(DirectoryName).ReadEncodedValue() : default;
        var serialNumber = fields.ReadIntegerBytes();
        return name.Span.SequenceEqual(certificate.IssuerName.RawData)
            && serialNumber.Span.SequenceEqual(certificate.SerialNumberBytes.Span);
    }

    private static void WriteIssuerSerial(AsnWriter writer, X509Certificate2 certificate)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            using (writer.PushSequence(DirectoryName))
            {
                writer.WriteEncodedValue(certificate.IssuerName.RawData);
            }

            writer.WriteInteger(certificate.SerialNumberBytes.Span);
        }
    }
}
