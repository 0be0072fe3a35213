using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Keys;
using Portal.Smime.OpenSsl;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

internal static class RecipientInfoWriter
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    /// <summary>What the key can: KeyTransRecipientInfo for RSA, KeyAgreeRecipientInfo for a curve (RFC 5652 §6.2).</summary>
    /// <returns>The version of the RecipientInfo.</returns>
    /// <exception cref="ArgumentException">A key that is too weak, or of a kind that cannot receive.</exception>
    public static int Write(AsnWriter writer, RecipientCertificate recipient, ReadOnlySpan<byte> contentEncryptionKey)
    {
        if (ParsedCertificate.Of(recipient.Certificate) is not { Strength: KeyStrength.Acceptable, Key: { } key } certificate)
        {
            throw Unfit(recipient);
        }

        if (key.Oid.Value == Oids.RsaEncryption)
        {
            return WriteKeyTransport(writer, recipient, certificate, contentEncryptionKey);
        }

        using var ephemeral = EphemeralKey.For(certificate) ?? throw Unfit(recipient);
        return WriteKeyAgreement(writer, recipient, ephemeral, contentEncryptionKey);
    }

    private static ArgumentException Unfit(RecipientCertificate recipient) =>
        new("The recipient's key is too weak, or of a kind that cannot receive.", nameof(recipient));

    private static int WriteKeyTransport(
        AsnWriter writer,
        RecipientCertificate recipient,
        ParsedCertificate certificate,
        ReadOnlySpan<byte> contentEncryptionKey)
    {
        var version = recipient.NamedBy == NamedBy.IssuerAndSerialNumber ? 0 : 2;
        var plain = contentEncryptionKey.ToArray();
        byte[] encrypted = [];
        ImportedKeys.Shared.Use(certificate, key => (encrypted = ((RSA)key).Encrypt(plain, recipient.Scheme.Padding())).Length > 0);
        CryptographicOperations.ZeroMemory(plain);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            CertificateIdentifiers.Write(writer, recipient.Certificate, recipient.NamedBy);
            recipient.Scheme.Identifier().Write(writer);
            writer.WriteOctetString(encrypted);
        }

        return version;
    }

    private static int WriteKeyAgreement(
        AsnWriter writer,
        RecipientCertificate recipient,
        EphemeralKey ephemeral,
        ReadOnlySpan<byte> contentEncryptionKey)
    {
        const int version = 3;
        var wrap = KeyWrapAlgorithm.Aes256;
        var keyEncryptionKey = ephemeral.Derive(wrap.SharedInformation(null), wrap.KeyLength);
        var wrapped = EvpKeyWrap.Wrap(keyEncryptionKey, contentEncryptionKey);
        CryptographicOperations.ZeroMemory(keyEncryptionKey);
        using (writer.PushSequence(Tag1))
        {
            writer.WriteInteger(version);
            using (writer.PushSequence(Tag0))
            using (writer.PushSequence(Tag1))
            {
                AlgorithmIdentifier.WithoutParameters(ephemeral.KeyAlgorithm).Write(writer);
                writer.WriteBitString(ephemeral.PublicKey);
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(ephemeral.AgreementAlgorithm);
                wrap.Identifier.Write(writer);
            }

            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                WriteRecipient(writer, recipient);
                writer.WriteOctetString(wrapped);
            }
        }

        return version;
    }

    // RecipientKeyIdentifier is [0] IMPLICIT SEQUENCE, unlike the plain identifier of key transport.
    private static void WriteRecipient(AsnWriter writer, RecipientCertificate recipient)
    {
        if (recipient.NamedBy == NamedBy.IssuerAndSerialNumber)
        {
            CertificateIdentifiers.WriteIssuerAndSerialNumber(writer, recipient.Certificate);
            return;
        }

        using (writer.PushSequence(Tag0))
        {
            writer.WriteOctetString(CertificateIdentifiers.KeyIdentifier(recipient.Certificate));
        }
    }
}
