using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>A parsed OCSP response (RFC 6960 §4.2). Parsed is not verified: that happens against the issuer on a path.</summary>
public sealed class OcspResponse
{
    private const int MostCertificates = 10;
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Tag2 = new(TagClass.ContextSpecific, 2);

    private readonly SignedBytes? _signed;
    private readonly List<ParsedCertificate> _certificates = [];
    private DistinguishedName? _responderName;
    private ReadOnlyMemory<byte> _responderKeyHash;

    private OcspResponse(ReadOnlyMemory<byte> der)
    {
        Encoded = der;
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var fields = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        Status = fields.ReadEnumeratedValue<OcspResponseStatus>();
        Demand(Enum.IsDefined(Status) && (Status == OcspResponseStatus.Successful) == fields.HasData);
        if (!fields.HasData)
        {
            return;
        }

        var outer = fields.ReadSequence(Tag0);
        var bytes = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        fields.ThrowIfNotEmpty();
        Demand(bytes.ReadObjectIdentifier() == Oids.OcspBasicResponse);
        _signed = SignedBytes.Read(bytes.ReadOctetString(), out var rest);
        bytes.ThrowIfNotEmpty();
        if (rest.HasData)
        {
            ReadCertificates(rest.ReadSequence(Tag0).ReadSequence());
        }

        rest.ThrowIfNotEmpty();
        ReadResponses(new AsnReader(_signed.ToBeSigned, AsnEncodingRules.DER).ReadSequence());
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    public OcspResponseStatus Status { get; }

    /// <summary>When it was signed; meaningless without success.</summary>
    public DateTimeOffset ProducedAt { get; private set; }

    /// <summary>Empty without success.</summary>
    public IReadOnlyList<SingleOcspResponse> Responses { get; private set; } = [];

    /// <summary>That of the request, when the responder echoes it.</summary>
    public ReadOnlyMemory<byte>? Nonce { get; private set; }

    internal IReadOnlyList<ParsedCertificate> Certificates => _certificates;

    /// <returns>False for anything that is not a basic response, or has a critical extension that we do not know.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out OcspResponse? response)
    {
        try
        {
            response = new OcspResponse(der);
            return true;
        }
        catch (AsnContentException)
        {
            response = null;
            return false;
        }
    }

    /// <summary>Named as the responder, and signed with this key. Whether he may answer is another question.</summary>
    internal bool IsSignedBy(ParsedCertificate responder, ValidationEffort effort) =>
        (_responderName is { } name
            ? name.Equals(responder.Subject)
            : _responderKeyHash.Span.SequenceEqual(CryptographicOperations.HashData(HashAlgorithmName.SHA1, responder.SubjectPublicKey.Span)))
        && _signed?.VerifyWith(responder, remember: true, effort) == SignatureOutcome.Right;

    private void ReadResponses(AsnReader fields)
    {
        if (fields.PeekTag().HasSameClassAndValue(Tag0))
        {
            Demand(fields.ReadSequence(Tag0).ReadInteger().IsZero);
        }

        if (fields.PeekTag().HasSameClassAndValue(Tag1))
        {
            _responderName = new DistinguishedName(fields.ReadSequence(Tag1).ReadEncodedValue());
        }
        else
        {
            _responderKeyHash = fields.ReadSequence(Tag2).ReadOctetString();
        }

        ProducedAt = fields.ReadGeneralizedTime();
        var responses = new List<SingleOcspResponse>();
        var sequence = fields.ReadSequence();
        while (sequence.HasData)
        {
            responses.Add(SingleOcspResponse.Read(sequence));
        }

        Responses = responses;
        if (fields.HasData)
        {
            Nonce = OcspNonce.Read(fields.ReadSequence(Tag1).ReadSequence());
        }

        fields.ThrowIfNotEmpty();
    }

    // One that cannot be read may be another's; whoever signed is among those that can.
    private void ReadCertificates(AsnReader sequence)
    {
        while (sequence.HasData && _certificates.Count < MostCertificates)
        {
            var encoded = sequence.ReadEncodedValue();
            try
            {
                if (ParsedCertificate.Of(X509CertificateLoader.LoadCertificate(encoded.Span)) is { } certificate)
                {
                    _certificates.Add(certificate);
                }
            }
            catch (CryptographicException)
            {
                // As above.
            }
        }
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not a response that we can rely on.");
        }
    }
}
