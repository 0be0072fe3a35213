using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

internal static class RecipientInfoWriter
{
    /// <summary>KeyTransRecipientInfo by issuer and serial number (RFC 5652 §6.2.1, version 0).</summary>
    /// <exception cref="ArgumentException">Not an RSA key of at least 2048 bits.</exception>
    public static void Write(AsnWriter writer, RecipientCertificate recipient, ReadOnlySpan<byte> contentEncryptionKey)
    {
        using var rsa = recipient.Certificate.GetRSAPublicKey();
        if (rsa is null || recipient.Certificate.PublicKey.Strength() != KeyStrength.Acceptable)
        {
            throw new ArgumentException("The recipient's key is not RSA of at least 2048 bits.", nameof(recipient));
        }

        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            CertificateIdentifiers.WriteIssuerAndSerialNumber(writer, recipient.Certificate);
            recipient.Scheme.Identifier().Write(writer);
            writer.WriteOctetString(rsa.Encrypt(contentEncryptionKey, recipient.Scheme.Padding()));
        }
    }
}
