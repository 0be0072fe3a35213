using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Work;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Authorities of others: those that an administrator trusts or refuses, and those that wait for that.</summary>
public sealed class ForeignAuthorities
{
    private const int MostDomains = 50;

    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal ForeignAuthorities(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <param name="actor">Whose organisation.</param>
    /// <param name="certificate">PEM or DER.</param>
    /// <param name="revocationList">PEM or DER; null for none.</param>
    /// <param name="terms">How far it is trusted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TrustAdding> AddAsync(Actor actor, byte[] certificate, byte[]? revocationList, TrustTerms terms, CancellationToken cancellationToken)
    {
        var (authority, wrong) = await ExamineAsync(actor, certificate, cancellationToken);
        if (authority is null)
        {
            return wrong;
        }

        if (Cleaned(terms) is not { } cleaned)
        {
            return new TrustAdding.WrongDomains();
        }

        byte[]? list = null;
        if (revocationList is not null)
        {
            list = CertificateFiles.RevocationList(revocationList)?.ToArray();
            if (list is null || !RevocationList.TryParse(list, out var parsed) || parsed.IsDelta || !parsed.IsSignedBy(authority))
            {
                return new TrustAdding.WrongRevocationList();
            }
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await TrustAsync(db, actor, authority, cleaned, cancellationToken);
        if (list is not null)
        {
            row.Take(list);
        }

        await db.CommitAsync(cancellationToken);
        return new TrustAdding.Added(ForeignAuthorityView.Of(row));
    }

    /// <summary>Looks at a file; nothing is saved.</summary>
    public async Task<TrustAdding> ReadAsync(Actor actor, byte[] certificate, CancellationToken cancellationToken)
    {
        var (authority, wrong) = await ExamineAsync(actor, certificate, cancellationToken);
        return authority is null ? wrong : new TrustAdding.Added(ForeignAuthorityView.Of(new ForeignAuthority(actor.Organisation, authority, _clock.GetUtcNow())));
    }

    /// <param name="actor">Who decides.</param>
    /// <param name="id">About which.</param>
    /// <param name="terms">Null to refuse it.</param>
    /// <param name="highest">Trust not only this one but the highest above it that messages have brought: everything below that is trusted with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TrustDeciding> DecideAsync(Actor actor, ForeignAuthorityId id, TrustTerms? terms, bool highest, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var cleaned = terms is null ? null : Cleaned(terms);
        if (terms is not null && cleaned is null)
        {
            return new TrustDeciding.WrongDomains();
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await db.ForeignAuthorities.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken) is not { } row)
        {
            return new TrustDeciding.Unknown();
        }

        if (cleaned is null)
        {
            await RefuseAsync(db, actor, row, cancellationToken);
        }
        else if (!highest)
        {
            row.Trust(cleaned, _clock.GetUtcNow());
            await DecidedAsync(db, actor, AuditAction.TrustAdded, row, cancellationToken);
        }
        else if (FetchedFiles.Certificates(row.Above) is [.., var top] && MayIssue(top))
        {
            // Whatever waited below it need not wait any more.
            db.ForeignAuthorities.Remove(row);
            await TrustAsync(db, actor, top, cleaned, cancellationToken);
        }
        else
        {
            return new TrustDeciding.NothingAbove();
        }

        await db.CommitAsync(cancellationToken);
        return new TrustDeciding.Decided();
    }

    /// <returns>Those that wait first, the one that most have signed under at the top; then by name.</returns>
    public async Task<IReadOnlyList<ForeignAuthorityView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var rows = await db.ForeignAuthorities.Where(one => one.OrganisationId == actor.Organisation).ToListAsync(cancellationToken);
        return [.. rows.Select(ForeignAuthorityView.Of).OrderBy(one => one.Standing).ThenByDescending(one => one.Seen).ThenBy(one => one.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    public async Task<int> CountWaitingAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.ForeignAuthorities.CountAsync(one => one.OrganisationId == actor.Organisation && one.Standing == AuthorityStanding.Waiting, cancellationToken);
    }

    /// <returns>Null when the organisation knows no such authority.</returns>
    public async Task<ForeignAuthorityView?> FindAsync(Actor actor, ForeignAuthorityId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.ForeignAuthorities.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken) is { } row
            ? ForeignAuthorityView.Of(row)
            : null;
    }

    /// <summary>It is trusted no longer.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="fingerprint">SHA-256, hexadecimal, or its beginning.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TrustRemoving> RemoveAsync(Actor actor, string fingerprint, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var beginning = fingerprint.Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        if (beginning.Length == 0)
        {
            return new TrustRemoving.Unknown();
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var found = await db.ForeignAuthorities
            .Where(one => one.OrganisationId == actor.Organisation && one.Standing == AuthorityStanding.Trusted && one.Fingerprint.StartsWith(beginning))
            .Take(2)
            .ToListAsync(cancellationToken);
        if (found is not [var row])
        {
            return found.Count == 0 ? new TrustRemoving.Unknown() : new TrustRemoving.Several();
        }

        await RefuseAsync(db, actor, row, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return new TrustRemoving.Removed(ForeignAuthorityView.Of(row).Subject, row.Fingerprint);
    }

    // Of a file with several, the one that signed itself.
    private async Task<(X509Certificate2? Authority, TrustAdding Wrong)> ExamineAsync(Actor actor, byte[] file, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var certificates = await CertificateFiles.ReadAsync(file, cancellationToken);
        if ((certificates.Count == 1 ? certificates : certificates.Where(CertificateNames.IsSelfIssued).ToList()) is not [var authority])
        {
            return (null, new TrustAdding.NoCertificate());
        }

        if (!MayIssue(authority))
        {
            return (null, new TrustAdding.NoAuthority());
        }

        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var isOwn = await db.Certificates.AnyAsync(
            one => one.OrganisationId == actor.Organisation && one.Encoded == authority.RawData && one.Kind == CertificateKind.RootAuthority, cancellationToken);
        return isOwn ? (null, new TrustAdding.OwnAuthority()) : (authority, new TrustAdding.NoCertificate());
    }

    private Task RefuseAsync(PortalDbContext db, Actor actor, ForeignAuthority row, CancellationToken cancellationToken)
    {
        var action = row.Standing == AuthorityStanding.Trusted ? AuditAction.TrustRemoved : AuditAction.TrustRefused;
        row.Refuse(_clock.GetUtcNow());
        return DecidedAsync(db, actor, action, row, cancellationToken);
    }

    private async Task<ForeignAuthority> TrustAsync(PortalDbContext db, Actor actor, X509Certificate2 authority, TrustTerms terms, CancellationToken cancellationToken)
    {
        var fingerprint = ForeignAuthority.FingerprintOf(authority);
        var row = await db.ForeignAuthorities.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Fingerprint == fingerprint, cancellationToken);
        if (row is null)
        {
            row = new ForeignAuthority(actor.Organisation, authority, _clock.GetUtcNow());
            db.ForeignAuthorities.Add(row);
        }

        row.Trust(terms, _clock.GetUtcNow());
        await DecidedAsync(db, actor, AuditAction.TrustAdded, row, cancellationToken);
        return row;
    }

    // The decision counts for what is here already, too.
    private static Task DecidedAsync(PortalDbContext db, Actor actor, AuditAction action, ForeignAuthority row, CancellationToken cancellationToken)
    {
        var detail = new Dictionary<string, string> { ["sha256"] = row.Fingerprint };
        if (action == AuditAction.TrustAdded)
        {
            (detail["purpose"], detail["revocation"], detail["domains"]) = (row.Purpose.ToString(), row.Revocation.ToString(), row.Domains);
        }

        db.Record(new AuditEvent(actor, action, row.Id.Value, detail));
        return WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.JudgeAfterDecision, row.Id.Value, cancellationToken);
    }

    private static bool MayIssue(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority);

    /// <returns>Null when a name is no domain.</returns>
    private static TrustTerms? Cleaned(TrustTerms terms)
    {
        var domains = terms.Domains.Where(one => !string.IsNullOrWhiteSpace(one)).Select(MailDomain.Normalised).Distinct().ToList();
        return domains.Contains(null) || domains.Count > MostDomains || string.Join(' ', domains).Length > ForeignAuthority.LongestDomains
            ? null
            : terms with { Domains = domains.OfType<string>().ToList() };
    }
}
