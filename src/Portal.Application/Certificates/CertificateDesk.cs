using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>All certificates that an organisation knows, for its administrators.</summary>
public sealed class CertificateDesk
{
    public const int PageSize = 50;

    private const int MostEvents = 100;

    /// <summary>Nobody is called by so many hexadecimal digits.</summary>
    private const int CertainlyANumber = 12;

    private static readonly AuditAction[] Told =
    [
        AuditAction.CertificateIssued, AuditAction.CertificateRevoked, AuditAction.CertificateSuspended, AuditAction.CertificateResumed, AuditAction.CertificateHarvested,
    ];

    private static readonly TimeSpan Soon = TimeSpan.FromDays(60);
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);
    private static readonly TimeSpan SoonForAuthorities = TimeSpan.FromDays(730);
    private static readonly TimeSpan Unfinished = TimeSpan.FromHours(1);

    private readonly PortalDatabase _database;
    private readonly Publication _publication;
    private readonly TimeProvider _clock;

    internal CertificateDesk(PortalDatabase database, Publication publication, TimeProvider clock) =>
        (_database, _publication, _clock) = (database, publication, clock);

    public async Task<CertificateAttention> AttentionAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var all = db.Certificates.Where(one => one.OrganisationId == actor.Organisation);
        var issued = all.Where(one => one.State == CertificateState.Issued && one.NotAfter >= now);
        var newest = db.ManagedKeys.Where(key => key.OrganisationId == actor.Organisation && key.ReplacedAt == null && key.DestroyedAt == null);
        return new CertificateAttention(
            await issued.CountAsync(
                one => one.OwnerId != null && one.NotAfter < now + Soon && (one.KeyId == null || newest.Any(key => key.Id == one.KeyId))
                    && (one.KeyId == null || one.IssuerId == null || newest.Any(key => key.Id == one.KeyId && key.DisabledAt != null) || db.Accounts.Any(account => account.Id == one.OwnerId && account.Disabled)),
                cancellationToken),
            await db.Accounts.CountAsync(
                account => account.OrganisationId == actor.Organisation && !account.Disabled && all.Any(one => one.OwnerId == account.Id)
                    && !(issued.Any(one => one.OwnerId == account.Id && one.Kind == CertificateKind.Signing && newest.Any(key => key.Id == one.KeyId))
                        && issued.Any(one => one.OwnerId == account.Id && one.Kind == CertificateKind.Encryption && newest.Any(key => key.Id == one.KeyId))),
                cancellationToken),
            await all.CountAsync(one => one.State == CertificateState.Revoked && one.RevocationReason == CrlReason.CertificateHold, cancellationToken),
            await all.CountAsync(
                one => one.State == CertificateState.Revoked && one.RevocationReason != CrlReason.CertificateHold && one.OwnerId != null && one.RevokedAt > now - Lately, cancellationToken),
            await all.CountAsync(one => one.Kind == CertificateKind.Correspondent && one.Source == CertificateSource.SignedMail && one.CreatedAt > now - Lately, cancellationToken),
            await all.CountAsync(one => one.State == CertificateState.Intended && one.CreatedAt < now - Unfinished, cancellationToken),
            await issued.CountAsync(
                one => (one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority) && one.NotAfter < now + SoonForAuthorities, cancellationToken),
            _publication.Root is not null);
    }

    /// <summary>The organisation's own authorities, the root first.</summary>
    public async Task<IReadOnlyList<CertificateRow>> AuthoritiesAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var rows = await Found(db, db.Certificates.Where(
            one => one.OrganisationId == actor.Organisation && (one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority)))
            .OrderBy(one => one.Certificate.CreatedAt)
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(one => Row(one, _clock.GetUtcNow()));
    }

    /// <param name="actor">Who looks.</param>
    /// <param name="filter">What is looked for.</param>
    /// <param name="after">The end of the page before; null for the first.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<CertificateRows> ListAsync(Actor actor, CertificateFilter filter, CertificateCursor? after, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var certificates = Filtered(db, actor.Organisation, filter, now);
        certificates = PlainText.Name(filter.Words ?? string.Empty) is { } words ? Named(db, certificates, words) : certificates;
        if (after is not null)
        {
            certificates = certificates.Where(one => one.CreatedAt <= after.CreatedAt && (one.CreatedAt < after.CreatedAt || one.Id < after.Id));
        }

        // Which first: what a search looks at is in an index, certificates are not.
        var ids = await certificates.OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id).Select(one => one.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        var found = await Found(db, db.Certificates.Where(one => one.OrganisationId == actor.Organisation && ids.Contains(one.Id)))
            .OrderByDescending(one => one.Certificate.CreatedAt)
            .ThenByDescending(one => one.Certificate.Id)
            .ToListAsync(cancellationToken);
        var shown = found.Take(PageSize).ToList();
        var next = found.Count > PageSize ? new CertificateCursor(shown[^1].Certificate.CreatedAt, shown[^1].Certificate.Id) : null;
        return new CertificateRows(shown.ConvertAll(one => Row(one, now)), next);
    }

    /// <returns>Null when the organisation knows no such certificate.</returns>
    public async Task<CertificateDetails?> FindAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await Found(db, db.Certificates.Where(one => one.OrganisationId == actor.Organisation && one.Id == id)).SingleOrDefaultAsync(cancellationToken) is not { } found)
        {
            return null;
        }

        var certificate = found.Certificate;
        var encoded = certificate.Encoded is { } der ? SharedCertificates.Load(der) : null;
        return new CertificateDetails(
            Row(found, _clock.GetUtcNow()),
            encoded is null ? null : Convert.ToHexStringLower(SHA256.HashData(encoded.RawData)),
            encoded is null ? null : KeyNames.Of(encoded.PublicKey),
            encoded?.Subject,
            await ChainAsync(db, certificate, encoded, cancellationToken),
            certificate.KeyId,
            IsOfOthers: encoded is not null && certificate.IssuerId is null && certificate.Kind != CertificateKind.RootAuthority,
            encoded is null ? [] : Addresses(encoded),
            certificate.State == CertificateState.Revoked ? certificate.RevokedAt : null,
            certificate.IsHeld ? null : Cause(certificate.RevocationReason),
            new CertificateUse(certificate.MessagesSigned, certificate.MessagesEncrypted, certificate.FirstUsedAt, certificate.LastUsedAt),
            await HistoryAsync(db, actor.Organisation, id, cancellationToken),
            certificate.Encoded);
    }

    /// <returns>Its subject's common name, or the one that was asked for; null where it has none, or is not signed.</returns>
    internal static string? NameOf(Certificate certificate)
    {
        var name = certificate.Encoded is { } encoded ? SharedCertificates.Load(encoded).GetNameInfo(X509NameType.SimpleName, forIssuer: false)
            : certificate.Request is { } request && CertificationRequest.Read(request) is CertificationRequestReading.Proven { Request: var asked } ? asked.Subject.EnumerateRelativeDistinguishedNames().FirstOrDefault()?.GetSingleElementValue()
            : null;
        return name is { Length: > 0 } ? PlainText.Line(name) : null;
    }

    private static IQueryable<Certificate> Filtered(PortalDbContext db, OrganisationId organisation, CertificateFilter filter, DateTimeOffset now)
    {
        var certificates = db.Certificates.Where(one => one.OrganisationId == organisation);
        certificates = filter.Kind is { } kind ? certificates.Where(one => one.Kind == kind) : certificates;
        certificates = filter.IssuerId is { } issuer ? certificates.Where(one => one.IssuerId == issuer) : certificates;
        return filter.Condition switch
        {
            CertificateCondition.Good => certificates.Where(one => one.State == CertificateState.Issued && one.NotAfter >= now),
            CertificateCondition.Expired => certificates.Where(one => one.State == CertificateState.Issued && one.NotAfter < now),
            CertificateCondition.Suspended => certificates.Where(one => one.State == CertificateState.Revoked && one.RevocationReason == CrlReason.CertificateHold),
            CertificateCondition.Revoked => certificates.Where(one => one.State == CertificateState.Revoked && one.RevocationReason != CrlReason.CertificateHold),
            CertificateCondition.Unfinished => certificates.Where(one => one.State == CertificateState.Intended),
            CertificateCondition.Requested => certificates.Where(one => one.State == CertificateState.Requested),
            _ => certificates,
        };
    }

    /// <summary>Each row is looked at, so as little as possible is looked at in it: a serial number where it can be one, and nothing else where it can be nothing else.</summary>
    private static IQueryable<Certificate> Named(PortalDbContext db, IQueryable<Certificate> certificates, string words)
    {
        var serialNumber = words.Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        var isNumber = serialNumber.All(char.IsAsciiHexDigit);
        if (isNumber && serialNumber.Length >= CertainlyANumber)
        {
            return certificates.Where(one => one.SerialNumber.StartsWith(serialNumber));
        }

        var name = Account.Normalise(words);
#pragma warning disable CA1304, CA1311, CA1862 // Becomes lower() in SQL.
        var owners = db.Accounts.Where(account => account.DisplayName.ToLower().Contains(name)).Select(account => (AccountId?)account.Id);
#pragma warning restore CA1304, CA1311, CA1862
        return isNumber
            ? certificates.Where(one => one.Address!.Contains(name) || one.Names.Contains(name) || owners.Contains(one.OwnerId) || one.SerialNumber.StartsWith(serialNumber))
            : certificates.Where(one => one.Address!.Contains(name) || one.Names.Contains(name) || owners.Contains(one.OwnerId));
    }

    private static IQueryable<OwnedCertificate> Found(PortalDbContext db, IQueryable<Certificate> certificates) =>
        from certificate in certificates
        join account in db.Accounts on certificate.OwnerId equals (AccountId?)account.Id into owners
        from owner in owners.DefaultIfEmpty()
        select new OwnedCertificate { Certificate = certificate, Owner = owner };

    private static CertificateRow Row(OwnedCertificate found, DateTimeOffset now)
    {
        var certificate = found.Certificate;
        return new CertificateRow(
            certificate.Id,
            certificate.Kind,
            found.Owner?.DisplayName ?? (certificate.OwnerId is null ? null : string.Empty),
            NameOf(certificate),
            certificate.Address,
            certificate.SerialNumber,
            certificate.NotBefore,
            certificate.NotAfter,
            certificate.ConditionAt(now));
    }

    private static async Task<List<CertificateLink>> ChainAsync(PortalDbContext db, Certificate certificate, X509Certificate2? encoded, CancellationToken cancellationToken)
    {
        var chain = new List<CertificateLink>();
        var issuer = certificate.IssuerId;
        while (issuer is { } id)
        {
            var above = await db.Certificates.SingleAsync(one => one.OrganisationId == certificate.OrganisationId && one.Id == id, cancellationToken);
            chain.Add(new CertificateLink(above.Id, SharedCertificates.Load(above.Encoded!).GetNameInfo(X509NameType.SimpleName, forIssuer: false)));
            issuer = above.IssuerId;
        }

        if (encoded is not null && chain.Count == 0 && certificate.Kind != CertificateKind.RootAuthority)
        {
            chain.Add(new CertificateLink(null, encoded.Issuer));
        }

        return chain;
    }

    private static async Task<List<CertificateEvent>> HistoryAsync(PortalDbContext db, OrganisationId organisation, CertificateId id, CancellationToken cancellationToken)
    {
        var entries = await db.AuditEntries
            .Where(one => one.OrganisationId == organisation && one.Subject == id.Value && Told.Contains(one.Action))
            .OrderByDescending(one => one.Sequence)
            .Take(MostEvents)
            .ToListAsync(cancellationToken);
        var people = entries.Select(one => Person(one.Actor)).OfType<AccountId>().Distinct().ToList();
        var names = await db.Accounts
            .Where(one => one.OrganisationId == organisation && people.Contains(one.Id))
            .ToDictionaryAsync(one => one.Id, one => one.DisplayName, cancellationToken);
        return entries.ConvertAll(one => new CertificateEvent(
            DateTimeOffset.UnixEpoch.AddTicks(one.AtMicroseconds * TimeSpan.TicksPerMicrosecond),
            Person(one.Actor) is { } person ? names.GetValueOrDefault(person, string.Empty) : null,
            one.Action));
    }

    private static AccountId? Person(string actor) =>
        actor.StartsWith("account:", StringComparison.Ordinal) && Guid.TryParse(actor["account:".Length..], out var id) ? AccountId.From(id) : null;

    private static List<string> Addresses(X509Certificate2 certificate)
    {
        var published = PublishedAddresses.Of(certificate);
        return [.. published.RevocationLists, .. published.Responders, .. published.IssuerCertificates];
    }

    private static RevocationCause? Cause(CrlReason? reason) => reason switch
    {
        CrlReason.KeyCompromise => RevocationCause.KeyCompromise,
        CrlReason.AffiliationChanged => RevocationCause.AffiliationChanged,
        CrlReason.Superseded => RevocationCause.Superseded,
        CrlReason.CessationOfOperation => RevocationCause.CessationOfOperation,
        CrlReason.PrivilegeWithdrawn => RevocationCause.PrivilegeWithdrawn,
        null => null,
        _ => RevocationCause.Unspecified,
    };

    private sealed class OwnedCertificate
    {
        public required Certificate Certificate { get; init; }

        public required Account? Owner { get; init; }
    }
}
