using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

public enum CertificateKind
{
    /// <summary>Signs itself, and the authorities below it.</summary>
    RootAuthority,

    /// <summary>Issues for people.</summary>
    IssuingAuthority,

    Signing,
    Encryption,

    /// <summary>Answers for an authority (OCSP).</summary>
    OcspResponder,

    /// <summary>Signs what the portal itself writes in the organisation's name.</summary>
    NoticeSigning,

    /// <summary>Somebody else's, taken from a message whose signature was valid.</summary>
    Correspondent,
}

internal enum CertificateState
{
    /// <summary>Another authority has been asked to sign it.</summary>
    Requested,

    /// <summary>On record before the authority's key is asked, so that nothing signed is unknown.</summary>
    Intended,

    Issued,
    Revoked,
}

public enum CertificateSource
{
    /// <summary>Issued here.</summary>
    Own,

    /// <summary>A message whose signature was valid.</summary>
    SignedMail,

    /// <summary>LDAP.</summary>
    Directory,

    /// <summary>Somebody here had it in a file.</summary>
    Upload,

    /// <summary>Somebody outside who reads here by links said that it is theirs; that they have its key is not shown.</summary>
    HandedIn,
}

internal sealed class Certificate : IOwned
{
    internal const int LongestNames = 200;
    private const int LongestOfOne = (LongestNames / 2) - 2;

    private Certificate()
    {
    }

    private Certificate(OrganisationId organisation, CertificateKind kind, CertificateState state, DateTimeOffset now)
    {
        Id = CertificateId.New();
        OrganisationId = organisation;
        Kind = kind;
        State = state;
        CreatedAt = now;
    }

    public CertificateId Id { get; private set; }

    public OrganisationId OrganisationId { get; private set; }

    public AccountId? OwnerId { get; private set; }

    public ManagedKeyId? KeyId { get; private set; }

    public CertificateKind Kind { get; private set; }

    /// <summary>The authority of ours that signs it; none for a root and for what others issued.</summary>
    public CertificateId? IssuerId { get; private set; }

    /// <summary>Which of its issuer's revocation lists would name it.</summary>
    public int? Partition { get; private set; }

    public CertificateState State { get; private set; }

    /// <summary>Where it is from.</summary>
    public CertificateSource Source { get; private set; }

    /// <summary>Hexadecimal.</summary>
    public string SerialNumber { get; private set; } = string.Empty;

    /// <summary>Common names of the holder and, in a second line, of the issuer, in lower case: what a search looks at. Empty as long as it is only intended.</summary>
    public string Names { get; private set; } = string.Empty;

    /// <summary>Normalised addr-spec of the holder; none for an authority.</summary>
    public string? Address { get; private set; }

    /// <summary>DER; null as long as it is only intended.</summary>
    public byte[]? Encoded { get; private set; }

    /// <summary>PKCS#10, DER, for another authority; null where none was asked.</summary>
    public byte[]? Request { get; private set; }

    /// <summary>Of one that another authority signed, and whose path we do not have otherwise: those above it, DER, one behind the other.</summary>
    public byte[]? Above { get; private set; }

    /// <summary>RecipientIdentifier look-up keys (issuer and serial number, subject key identifier).</summary>
    public string? IssuerSerialKey { get; private set; }

    public string? SubjectKeyIdentifierKey { get; private set; }

    /// <summary>sMIMECapabilities of a correspondent's software: object identifiers, best first, separated by blanks.</summary>
    public string? Capabilities { get; private set; }

    /// <summary>Signing time of the message that told them.</summary>
    public DateTimeOffset? CapabilitiesSignedAt { get; private set; }

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset NotAfter { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>So many days before its end somebody was last told of it; null while nobody was.</summary>
    public int? AlertedDays { get; private set; }

    /// <summary>When it was revoked, held, or let go again.</summary>
    public DateTimeOffset? StandingChangedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public int MessagesSigned { get; private set; }

    public int MessagesEncrypted { get; private set; }

    /// <summary>For a message; null for one that never was.</summary>
    public DateTimeOffset? FirstUsedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public CrlReason? RevocationReason { get; private set; }

    /// <param name="organisation">Whose authority.</param>
    /// <param name="owner">None for an authority.</param>
    /// <param name="key">That it certifies; null for one that is elsewhere.</param>
    /// <param name="kind">What for.</param>
    /// <param name="issuer">Null for a root.</param>
    /// <param name="toBeSigned">As it will be signed.</param>
    /// <param name="template">That it was made from.</param>
    /// <param name="now">When.</param>
    public static Certificate Intend(
        OrganisationId organisation,
        AccountId? owner,
        ManagedKeyId? key,
        CertificateKind kind,
        RevocationPartition? issuer,
        ToBeSignedCertificate toBeSigned,
        CertificateTemplate template,
        DateTimeOffset now) =>
        new(organisation, kind, CertificateState.Intended, now)
        {
            OwnerId = owner,
            KeyId = key,
            IssuerId = issuer?.AuthorityId,
            Partition = issuer?.Number,
            Address = template.Addresses is [var address, ..] ? AddressKey.Of(address) : null,
            SerialNumber = Convert.ToHexString(toBeSigned.SerialNumber.Span),
            NotBefore = template.NotBefore,
            NotAfter = template.NotAfter,
        };

    public static Certificate OfCorrespondent(
        OrganisationId organisation, string address, X509Certificate2 certificate, CertificateSource source, DateTimeOffset now)
    {
        var harvested = new Certificate(organisation, CertificateKind.Correspondent, CertificateState.Intended, now)
        {
            Address = address,
            Source = source,
            SerialNumber = certificate.SerialNumber,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
        };
        harvested.Issue(certificate);
        return harvested;
    }

    /// <param name="key">That shall be certified.</param>
    /// <param name="kind">What for.</param>
    /// <param name="address">Normalised; none for an authority.</param>
    /// <param name="request">PKCS#10, DER.</param>
    /// <param name="now">When.</param>
    public static Certificate AskFor(ManagedKey key, CertificateKind kind, string? address, byte[] request, DateTimeOffset now) =>
        new(key.OrganisationId, kind, CertificateState.Requested, now) { OwnerId = key.OwnerId, KeyId = key.Id, Address = address, Request = request, NotBefore = now, NotAfter = now };

    /// <summary>The other authority has signed it: it is as new as its answer.</summary>
    /// <param name="certificate">For the same key.</param>
    /// <param name="above">Those above it, DER, one behind the other.</param>
    /// <param name="now">When.</param>
    public void Answer(X509Certificate2 certificate, byte[] above, DateTimeOffset now)
    {
        (SerialNumber, NotBefore, NotAfter, Above, CreatedAt) = (certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter, above, now);
        Issue(certificate);
    }

    /// <summary>That another authority issued, for a key that is here.</summary>
    public static Certificate OfOutside(ManagedKey key, CertificateKind kind, string? address, X509Certificate2 certificate, DateTimeOffset now, byte[]? above = null)
    {
        var imported = new Certificate(key.OrganisationId, kind, CertificateState.Intended, now)
        {
            OwnerId = key.OwnerId,
            KeyId = key.Id,
            Above = above,
            Source = CertificateSource.Upload,
            Address = address,
            SerialNumber = certificate.SerialNumber,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
        };
        imported.Issue(certificate);
        return imported;
    }

    public void Issue(X509Certificate2 certificate)
    {
        Encoded = certificate.RawData;
        State = CertificateState.Issued;
        Names = NamesOf(certificate);
        foreach (var identifier in RecipientIdentifier.AllOf(certificate))
        {
            if (identifier is RecipientIdentifier.IssuerAndSerialNumber)
            {
                IssuerSerialKey = identifier.LookupKey;
            }
            else
            {
                SubjectKeyIdentifierKey = identifier.LookupKey;
            }
        }
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        return $"{Name(forIssuer: false)}\n{Name(forIssuer: true)}".ToLowerInvariant();

        string Name(bool forIssuer) => PlainText.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer), LongestOfOne);
    }

    /// <summary>RFC 8551 §2.7.1: an older message says nothing new, and one without a list says nothing at all.</summary>
    public void Learn(string capabilities, DateTimeOffset signedAt)
    {
        if (capabilities.Length > 0 && (CapabilitiesSignedAt is not { } known || signedAt > known))
        {
            (Capabilities, CapabilitiesSignedAt) = (capabilities, signedAt);
        }
    }

    /// <summary>What was only handed in is known by better word now.</summary>
    public void Confirm(CertificateSource source) => Source = Source == CertificateSource.HandedIn ? source : Source;

    public bool IsGood => State == CertificateState.Issued;

    /// <summary>Taken back for a while.</summary>
    public bool IsHeld => State == CertificateState.Revoked && RevocationReason == CrlReason.CertificateHold;

    public CertificateCondition ConditionAt(DateTimeOffset now) => State switch
    {
        CertificateState.Requested => CertificateCondition.Requested,
        CertificateState.Intended => CertificateCondition.Unfinished,
        CertificateState.Revoked => IsHeld ? CertificateCondition.Suspended : CertificateCondition.Revoked,
        CertificateState.Issued => NotAfter < now ? CertificateCondition.Expired : CertificateCondition.Good,
    };

    public void Resume(DateTimeOffset now) => (State, RevocationReason, RevokedAt, StandingChangedAt) = (CertificateState.Issued, null, null, now);

    public void Revoke(CrlReason reason, DateTimeOffset now)
    {
        State = CertificateState.Revoked;
        RevocationReason = reason;
        RevokedAt = now;
        StandingChangedAt = now;
    }
}

internal sealed class CertificateMapping : IEntityTypeConfiguration<Certificate>
{
    public void Configure(EntityTypeBuilder<Certificate> builder)
    {
        builder.ToTable("Certificates");
        builder.Ignore(one => one.IsGood);
        builder.Ignore(one => one.IsHeld);
        builder.Property(one => one.SerialNumber).HasMaxLength(64);
        builder.Property(one => one.Names).HasMaxLength(Certificate.LongestNames);
        builder.Property(one => one.Address).HasMaxLength(320);
        builder.Property(one => one.IssuerSerialKey).HasMaxLength(160);
        builder.Property(one => one.SubjectKeyIdentifierKey).HasMaxLength(160);
        builder.Property(one => one.Capabilities).HasMaxLength(4000);
        builder.HasIndex(one => new { one.OrganisationId, one.Address });
        builder.HasIndex(one => new { one.OrganisationId, one.IssuerSerialKey });
        builder.HasIndex(one => new { one.OrganisationId, one.SubjectKeyIdentifierKey });
        builder.HasIndex(one => new { one.OrganisationId, one.OwnerId });

        // All that a search looks at, in the order that it shows: a list goes through this, and through no certificate.
        builder.HasIndex(
            one => new { one.OrganisationId, one.CreatedAt, one.Id, one.Address, one.SerialNumber, one.Names, one.OwnerId, one.Kind, one.IssuerId, one.State, one.NotAfter, one.RevocationReason })
            .HasDatabaseName("IxCertificatesSearch");
        builder.HasIndex(one => new { one.IssuerId, one.SerialNumber }).IsUnique();
        builder.HasIndex(one => new { one.IssuerId, one.Partition, one.State });
    }
}
