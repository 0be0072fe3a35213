using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §6.2. Kinds that we cannot open are kept by name, so that a reader can be told for whom the message is.</summary>
internal static class RecipientInfoReader
{
    /// <summary>Bytes.</summary>
    private const int SmallestModulus = 256;

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
                4 => [ReadOther(reader.ReadSequence(tag))],
                _ => throw UnreadableException.Malformed("RecipientInfo"),
            };
    }

    private static RecipientInfo ReadKeyTransport(AsnReader fields)
    {
        fields.ReadInteger();
        var issuer = Issuer(fields);
        var identifier = CertificateIdentifiers.Read(fields);
        var algorithm = AlgorithmIdentifier.Read(fields);
        var encryptedKey = fields.ReadOctetString();
        fields.ThrowIfNotEmpty();
        var recipient = new Recipient(RecipientKind.KeyTransport, identifier, algorithm.Algorithm) { Issuer = issuer, IsWeak = encryptedKey.Length < SmallestModulus };
        return KeyTransportAlgorithm.Find(algorithm) is { } scheme
            ? new RecipientInfo.KeyTransport(recipient, scheme, encryptedKey)
            : new RecipientInfo.Unsupported(recipient);
    }

    // RFC 5652 §6.2.2: originator [0], ukm [1] OPTIONAL, keyEncryptionAlgorithm, recipientEncryptedKeys.
    private static List<RecipientInfo> ReadKeyAgreement(AsnReader fields)
    {
        fields.ReadInteger();
        var originator = ReadOriginator(fields.ReadSequence(Tag0));
        var material = fields.PeekTag() == Tag1 ? fields.ReadSequence(Tag1).ReadOctetString() : default(ReadOnlyMemory<byte>?);
        var algorithm = AlgorithmIdentifier.Read(fields);
        var keys = fields.ReadSequence();
        fields.ThrowIfNotEmpty();

        var scheme = KeyAgreementScheme.Find(algorithm.Algorithm);
        var wrap = scheme is not null && algorithm.Parameters is { } parameters
            ? KeyWrapAlgorithm.Find(AlgorithmIdentifier.Read(new AsnReader(parameters, AsnEncodingRules.BER)))
            : null;
        var recipients = new List<RecipientInfo>();
        while (keys.HasData)
        {
            var key = keys.ReadSequence();
            var issuer = Issuer(key);
            var recipient = new Recipient(RecipientKind.KeyAgreement, ReadKeyAgreementRecipient(key), algorithm.Algorithm) { Issuer = issuer };
            var encryptedKey = key.ReadOctetString();
            recipients.Add(scheme is not null && wrap is not null && originator is not null
                ? new RecipientInfo.KeyAgreement(recipient, scheme, wrap, originator, material, encryptedKey)
                : new RecipientInfo.Unsupported(recipient));
        }

        return recipients;
    }

    // RFC 5652 §6.2.5: what a type of its own says, such as a key encapsulation (RFC 9629).
    private static RecipientInfo.Other ReadOther(AsnReader fields)
    {
        var type = fields.ReadObjectIdentifier();
        var value = fields.ReadEncodedValue();
        fields.ThrowIfNotEmpty();
        return new RecipientInfo.Other(new Recipient(RecipientKind.Other, new RecipientIdentifier.Unnamed(), type), value);
    }

    /// <returns>Null for an originator with a certificate (static agreement), which S/MIME does not use.</returns>
    private static byte[]? ReadOriginator(AsnReader choice)
    {
        if (choice.PeekTag() == Tag1)
        {
            return OriginatorPublicKey.Read(choice.ReadSequence(Tag1));
        }

        choice.ReadEncodedValue();
        return null;
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

    private static ReadOnlyMemory<byte>? Issuer(AsnReader identifier) => identifier.PeekTag() == Asn1Tag.Sequence
        ? new AsnReader(identifier.PeekContentBytes(), AsnEncodingRules.BER).ReadEncodedValue()
        : null;

    private static RecipientInfo.Unsupported Unnamed(RecipientKind kind) =>
        new(new Recipient(kind, new RecipientIdentifier.Unnamed(), string.Empty));
}
