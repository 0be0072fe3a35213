using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §5.3, parsed and not verified.</summary>
/// <param name="Identifier">SignerIdentifier, which has the alternatives of RecipientIdentifier.</param>
/// <param name="DigestAlgorithm">Of content and attributes.</param>
/// <param name="SignedAttributes">Null when absent; the signature is then over the content's digest.</param>
/// <param name="SignatureAlgorithm">Unchecked.</param>
/// <param name="Signature">As received.</param>
internal sealed record SignerInfo(
    RecipientIdentifier Identifier,
    AlgorithmIdentifier DigestAlgorithm,
    SignedAttributes? SignedAttributes,
    AlgorithmIdentifier SignatureAlgorithm,
    ReadOnlyMemory<byte> Signature)
{
    private static readonly Asn1Tag SignedAttributesTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag UnsignedAttributesTag = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <exception cref="AsnContentException">Not a SignerInfo.</exception>
    public static SignerInfo Read(ReadOnlyMemory<byte> element)
    {
        var fields = new AsnReader(element, AsnEncodingRules.BER).ReadSequence();
        fields.ReadInteger();
        var identifier = CertificateIdentifiers.Read(fields);
        var digestAlgorithm = AlgorithmIdentifier.Read(fields);
        var attributes = fields.PeekTag() == SignedAttributesTag
            ? Cms.SignedAttributes.Read(fields.ReadSetOf(skipSortOrderValidation: true, SignedAttributesTag))
            : null;
        var signatureAlgorithm = AlgorithmIdentifier.Read(fields);
        var signature = fields.ReadOctetString();
        if (fields.HasData)
        {
            fields.ReadSetOf(skipSortOrderValidation: true, UnsignedAttributesTag);
        }

        fields.ThrowIfNotEmpty();
        return new SignerInfo(identifier, digestAlgorithm, attributes, signatureAlgorithm, signature);
    }
}
