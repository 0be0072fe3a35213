using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>A certificate, read once (RFC 5280 §4.1). What is wrong with it is a value.</summary>
internal sealed class ParsedCertificate
{
    private static readonly ConditionalWeakTable<X509Certificate2, Reading> Known = [];
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerUniqueId = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectUniqueId = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    private readonly SignedBytes _signed;
    private SubjectKey? _subjectKey;

    private ParsedCertificate(X509Certificate2 certificate, ReadOnlyMemory<byte> encoded)
    {
        Certificate = certificate;
        _signed = SignedBytes.Read(encoded);
        var fields = new AsnReader(_signed.ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        Version = ReadVersion(fields);
        SerialNumber = fields.ReadIntegerBytes();
        var algorithm = fields.PeekEncodedValue();
        AlgorithmIdentifier.Read(fields);
        Issuer = new DistinguishedName(fields.ReadEncodedValue());
        var validity = fields.ReadSequence();
        NotBefore = Time.Read(validity);
        NotAfter = Time.Read(validity);
        validity.ThrowIfNotEmpty();
        Subject = new DistinguishedName(fields.ReadEncodedValue());
        SubjectPublicKeyInfo = fields.ReadEncodedValue();
        SkipUniqueIds(fields);
        Extensions = CertificateExtensions.Read(ReadExtensions(fields));

        // RFC 5280 §4.1.1.2: the algorithm that is signed has to be the one that is named outside.
        IsMalformed = !_signed.AlgorithmEncoded.Span.SequenceEqual(algorithm.Span)
            || Extensions.Malformed.Count > 0
            || fields.HasData
            || Version is < 1 or > 3
            || !Issuer.IsReadable
            || Issuer.IsEmpty
            || !Subject.IsReadable;
        IsSelfIssued = Issuer.Equals(Subject);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>1 to 3; anything else is malformed.</summary>
    public int Version { get; }

    public ReadOnlyMemory<byte> SerialNumber { get; }

    public DistinguishedName Issuer { get; }

    public DistinguishedName Subject { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public CertificateExtensions Extensions { get; }

    public bool IsMalformed { get; }

    public bool IsSelfIssued { get; }

    public bool IsAuthority => Extensions.BasicConstraints is { IsAuthority: true };

    /// <summary>Of the SubjectPublicKeyInfo.</summary>
    public ContentHash KeyHash => SubjectKey.Hash;

    /// <summary>Without tag, length and unused bits: what OCSP hashes.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKey => SubjectKey.Bits;

    public KeyStrength Strength => SubjectKey.Strength;

    /// <summary>Null when no key can be made of it.</summary>
    public PublicKey? Key => SubjectKey.Key;

    private SubjectKey SubjectKey => _subjectKey ??= SubjectKey.Read(SubjectPublicKeyInfo);

    /// <returns>Null when there is no certificate in these bytes.</returns>
    public static ParsedCertificate? Of(X509Certificate2 certificate) => Known.GetValue(certificate, Reading.Of).Certificate;

    public bool IsSame(ParsedCertificate other) =>
        ReferenceEquals(this, other) || _signed.Encoded.Span.SequenceEqual(other._signed.Encoded.Span);

    /// <summary>The identifiers of the issuer's key agree; null when one of them is missing.</summary>
    public bool? PointsAt(ParsedCertificate issuer) =>
        Extensions.AuthorityKeyIdentifier is { } wanted && issuer.Extensions.SubjectKeyIdentifier is { } given
            ? wanted.Span.SequenceEqual(given.Span)
            : null;

    public SignatureOutcome VerifyWith(ParsedCertificate issuer, ValidationEffort effort) =>
        _signed.VerifyWith(issuer, remember: IsAuthority, effort);

    private static int ReadVersion(AsnReader fields)
    {
        if (!fields.PeekTag().HasSameClassAndValue(VersionTag))
        {
            return 1;
        }

        var inner = fields.ReadSequence(VersionTag);
        var number = inner.ReadInteger();
        inner.ThrowIfNotEmpty();
        return number >= 0 && number <= 2 ? (int)number + 1 : 0;
    }

    private static void SkipUniqueIds(AsnReader fields)
    {
        foreach (var tag in new[] { IssuerUniqueId, SubjectUniqueId })
        {
            if (fields.HasData && fields.PeekTag().HasSameClassAndValue(tag))
            {
                fields.ReadEncodedValue();
            }
        }
    }

    // RFC 5280 §4.1.2.9: version 3 only.
    private AsnReader ReadExtensions(AsnReader fields)
    {
        if (!fields.HasData)
        {
            return new AsnReader(ReadOnlyMemory<byte>.Empty, AsnEncodingRules.DER);
        }

        var outer = fields.ReadSequence(ExtensionsTag);
        var extensions = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        return Version == 3 ? extensions : throw new AsnContentException("Extensions before version 3.");
    }

    // A certificate that cannot be read is remembered too.
    private sealed record Reading(ParsedCertificate? Certificate)
    {
        public static Reading Of(X509Certificate2 certificate)
        {
            try
            {
                return new Reading(new ParsedCertificate(certificate, certificate.RawDataMemory));
            }
            catch (Exception exception) when (exception is AsnContentException or CryptographicException)
            {
                return new Reading(default(ParsedCertificate));
            }
        }
    }
}
