using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>
/// A parsed X.509 v2 revocation list (RFC 5280 §5): complete, delta, partitioned or indirect. Parsed is not verified: that
/// happens against the issuer on a path.
/// </summary>
public sealed class RevocationList
{
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    private readonly RevocationEntries _entries = new();
    private readonly SignedBytes _signed;

    private RevocationList(ReadOnlyMemory<byte> der)
    {
        _signed = SignedBytes.Read(der);
        var list = new AsnReader(_signed.ToBeSigned, AsnEncodingRules.DER).ReadSequence();
        Demand(list.ReadInteger() == 1);
        Demand(list.ReadEncodedValue().Span.SequenceEqual(_signed.AlgorithmEncoded.Span));
        IssuerName = new DistinguishedName(list.ReadEncodedValue());
        Demand(IssuerName.IsReadable && !IssuerName.IsEmpty);
        ThisUpdate = Time.Read(list);
        NextUpdate = Time.Read(list);
        var entries = list.HasData && list.PeekTag() == Asn1Tag.Sequence ? list.ReadSequence() : null;
        if (list.HasData)
        {
            ReadExtensions(list.ReadSequence(ExtensionsTag).ReadSequence());
        }

        list.ThrowIfNotEmpty();
        if (entries is not null)
        {
            _entries.Read(entries, IssuerName, Scope.IsIndirect);
        }
    }

    public ReadOnlyMemory<byte> Encoded => _signed.Encoded;

    /// <summary>Name, DER.</summary>
    public ReadOnlyMemory<byte> Issuer => IssuerName.Encoded;

    public BigInteger? Number { get; private set; }

    /// <summary>Of a delta list: the number of the complete list that it changes (RFC 5280 §5.2.4). Null for a complete list.</summary>
    public BigInteger? BaseNumber { get; private set; }

    [MemberNotNullWhen(true, nameof(BaseNumber))]
    public bool IsDelta => BaseNumber is not null;

    /// <summary>Whether it also lists certificates of other issuers.</summary>
    public bool IsIndirect => Scope.IsIndirect;

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    public int Count => _entries.Count;

    internal DistinguishedName IssuerName { get; }

    internal IssuingDistributionPoint Scope { get; private set; } = IssuingDistributionPoint.None;

    /// <summary>As encoded: lists that replace each other have the same.</summary>
    internal ReadOnlyMemory<byte> ScopeEncoded { get; private set; }

    internal ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; private set; }

    /// <returns>False for anything that is not a v2 list with a nextUpdate, or has a critical extension that we do not know.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out RevocationList? list)
    {
        try
        {
            list = new RevocationList(der);
            return true;
        }
        catch (AsnContentException)
        {
            list = null;
            return false;
        }
    }

    /// <returns>Null when the list does not name this serial number of its own issuer.</returns>
    public RevokedCertificate? Find(ReadOnlySpan<byte> serialNumber) => _entries.Find(IssuerName, serialNumber.ToArray());

    /// <summary>Issued and signed by the holder of this certificate (RFC 5280 §6.3.3 f, g).</summary>
    public bool IsSignedBy(X509Certificate2 issuer) =>
        ParsedCertificate.Of(issuer) is { } parsed && IsSignedBy(parsed, new ValidationEffort());

    internal bool IsSignedBy(ParsedCertificate issuer, ValidationEffort effort) =>
        IssuerName.Equals(issuer.Subject)
        && !issuer.IsMalformed
        && issuer.Extensions.MayUse(KeyUsages.CrlSign)
        && _signed.VerifyWith(issuer, remember: true, effort) == SignatureOutcome.Right;

    internal RevokedCertificate? Find(ParsedCertificate certificate) => _entries.Find(certificate.Issuer, certificate.SerialNumber);

    private void ReadExtensions(AsnReader sequence)
    {
        foreach (var extension in Extension.ReadAll(sequence))
        {
            switch (extension.Type)
            {
                case Oids.CrlNumber:
                    Number = extension.ReadValue(reader => reader.ReadInteger());
                    break;
                case Oids.DeltaCrlIndicator:
                    BaseNumber = extension.ReadValue(reader => reader.ReadInteger());
                    break;
                case Oids.IssuingDistributionPoint:
                    Scope = extension.ReadValue(IssuingDistributionPoint.Read);
                    ScopeEncoded = extension.Value;
                    break;
                case Oids.AuthorityKeyIdentifier:
                    AuthorityKeyIdentifier = extension.ReadValue(CertificateExtensions.ReadKeyIdentifier);
                    break;
                default:
                    Demand(!extension.Critical);
                    break;
            }
        }

        Demand(BaseNumber is null || BaseNumber <= Number);
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not a list that we can rely on.");
        }
    }
}
