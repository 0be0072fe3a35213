using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §6.2. Kinds that we cannot open are kept by name, so that a reader can be told for whom the message is.</summary>
internal static class RecipientInfoReader
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <returns>One, or as many as a KeyAgreeRecipientInfo names.</returns>
    /// <exception cref="AsnContentException">Not a RecipientInfo.</exception>
    public static IEnumerable<RecipientInfo> Read(ReadOnlyMemory<byte> element)
    {
        var reader = new AsnReader(element, AsnEncodingRules.BER);
        var tag = reader.PeekTag();
        if (tag == Asn1Tag.Sequence)
        {
            return [ReadKeyTransport(reader.ReadSequence())];
        }

        return tag.TagClass != TagClass.ContextSpecific
            ? throw UnreadableException.Malformed("RecipientInfo")
            : tag.TagValue switch
            {
                1 => ReadKeyAgreement(reader.ReadSequence(tag)),
                2 => [Unnamed(RecipientKind.KeyEncryptionKey)],
                3 => [Unnamed(RecipientKind.Password)],
                _ => [Unnamed(RecipientKind.Other)],
            };
    }

    private static RecipientInfo ReadKeyTransport(AsnReader fields)
    {
        fields.ReadInteger();
        var identifier = CertificateIdentifiers.Read(fields);
        var algorithm = AlgorithmIdentifier.Read(fields);
        var encryptedKey = fields.ReadOctetString();
        fields.ThrowIfNotEmpty();
        var recipient = new Recipient(RecipientKind.KeyTransport, identifier, algorithm.Algorithm);
        return KeyTransportAlgorithm.Find(algorithm) is { } scheme
            ? new RecipientInfo(recipient, scheme, encryptedKey)
            : new RecipientInfo(recipient, null, default);
    }

    // RFC 5652 §6.2.2: originator [0], ukm [1] OPTIONAL, keyEncryptionAlgorithm, recipientEncryptedKeys.
    private static List<RecipientInfo> ReadKeyAgreement(AsnReader fields)
    {
        fields.ReadInteger();
        fields.ReadEncodedValue();
        if (fields.PeekTag() == Tag1)
        {
            fields.ReadEncodedValue();
        }

        var algorithm = AlgorithmIdentifier.Read(fields).Algorithm;
        var keys = fields.ReadSequence();
        fields.ThrowIfNotEmpty();
        var recipients = new List<RecipientInfo>();
        while (keys.HasData)
        {
            var identifier = ReadKeyAgreementRecipient(keys.ReadSequence());
            recipients.Add(new RecipientInfo(new Recipient(RecipientKind.KeyAgreement, identifier, algorithm), null, default));
        }

        return recipients;
    }

    private static RecipientIdentifier ReadKeyAgreementRecipient(AsnReader fields)
    {
        if (fields.PeekTag() != Tag0)
        {
            return CertificateIdentifiers.ReadIssuerAndSerialNumber(fields.ReadSequence());
        }

        var value = fields.ReadSequence(Tag0).ReadOctetString();
        return new RecipientIdentifier.SubjectKeyIdentifier(Convert.ToHexString(value));
    }

    private static RecipientInfo Unnamed(RecipientKind kind) =>
        new(new Recipient(kind, new RecipientIdentifier.Unnamed(), string.Empty), null, default);
}
