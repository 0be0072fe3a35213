using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Work;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>An organisation's own authorities: further ones, one below somebody else's root, and which of them issues.</summary>
public sealed class Authorities
{
    private const int LongestName = 64;

    private readonly PortalDatabase _database;
    private readonly CertificateAuthority _authority;
    private readonly RequestWithdrawing _withdrawing;
    private readonly ConfiguredKeyStores _stores;
    private readonly LiveSessions _sessions;
    private readonly TimeProvider _clock;

    internal Authorities(
        PortalDatabase database, CertificateAuthority authority, RequestWithdrawing withdrawing, ConfiguredKeyStores stores, LiveSessions sessions, TimeProvider clock) =>
        (_database, _authority, _withdrawing, _stores, _sessions, _clock) = (database, authority, withdrawing, stores, sessions, clock);

    /// <summary>Names of stores in which an authority's key can be.</summary>
    public IReadOnlyList<string> Stores => _stores.Names;

    public async Task<IReadOnlyList<AuthorityView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var issuing = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.IssuingAuthorityId).SingleAsync(cancellationToken);
        var rows = await Own(db, actor.Organisation)
            .Join(db.ManagedKeys, one => one.KeyId, key => (ManagedKeyId?)key.Id, (one, key) => new { Certificate = one, key.Store })
            .OrderBy(one => one.Certificate.CreatedAt)
            .ToListAsync(cancellationToken);
        var people = await Current(db, actor.Organisation).GroupBy(one => one.IssuerId).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        return rows.ConvertAll(one => new AuthorityView(
            one.Certificate.Id,
            one.Certificate.Kind,
            CertificateDesk.NameOf(one.Certificate) ?? one.Certificate.SerialNumber,
            one.Store,
            one.Certificate.Encoded is null ? null : one.Certificate.NotAfter,
            one.Certificate.ConditionAt(now),
            one.Certificate.Id == issuing,
            one.Certificate.Request is not null,
            people.Find(group => group.Key == one.Certificate.Id)?.Count ?? 0));
    }

    /// <summary>A further one below our newest root, or with a new root of its own.</summary>
    public Task<AuthorityChange> CreateAsync(Actor actor, string name, string store, bool withRoot, CancellationToken cancellationToken) => ChangeAsync(
        actor,
        name,
        store,
        async clean =>
        {
            if (withRoot)
            {
                await _authority.CreateRootAsync(actor, $"{clean} Root", store, cancellationToken);
            }

            var id = await _authority.CreateIssuingAsync(actor, clean, store, cancellationToken);

            // Somebody has to answer for it, and its list to be there, when its first certificate is looked at.
            await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
            await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.SignRevocationList, actor.Organisation.Value, cancellationToken);
            await db.CommitAsync(cancellationToken);
            return id;
        },
        cancellationToken);

    /// <summary>One that another organisation's authority shall sign.</summary>
    public Task<AuthorityChange> RequestAsync(Actor actor, string name, string store, CancellationToken cancellationToken) =>
        ChangeAsync(actor, name, store, clean => _authority.RequestIssuingAsync(actor, clean, store, cancellationToken), cancellationToken);

    /// <inheritdoc cref="RequestWithdrawing.WithdrawAsync"/>
    public async Task<string?> WithdrawAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        return await _withdrawing.WithdrawAsync(actor, id, cancellationToken);
    }

    /// <returns>PKCS#10, PEM; null where no request waits.</returns>
    public async Task<string?> RequestFileAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var request = await Own(db, actor.Organisation).Where(one => one.Id == id && one.State == CertificateState.Requested).Select(one => one.Request).SingleOrDefaultAsync(cancellationToken);
        return request is null ? null : System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE REQUEST", request);
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="id">The request.</param>
    /// <param name="file">The certificate, and those above it up to the root: PEM, DER or PKCS #7.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<AuthorityAnswer> AnswerAsync(Actor actor, CertificateId id, byte[] file, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var given = await CertificateFiles.ReadAsync(file, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Own(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id && one.State == CertificateState.Requested, cancellationToken) is not { } row)
        {
            return AuthorityAnswer.NotWaiting;
        }

        if (given.Count == 0)
        {
            return AuthorityAnswer.NoCertificate;
        }

        var key = await db.ManagedKeys.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == row.KeyId, cancellationToken);
        if (given.FirstOrDefault(one => one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.SubjectPublicKeyInfo)) is not { } certificate)
        {
            return AuthorityAnswer.OtherKey;
        }

        var above = given.Where(one => one != certificate).ToList();
        if (Judge(certificate, above) is var judged and not AuthorityAnswer.Taken)
        {
            return judged;
        }

        row.Answer(certificate, [.. above.SelectMany(one => one.RawData)], _clock.GetUtcNow());
        db.Record(new AuditEvent(actor, AuditAction.CertificateIssued, id.Value));
        await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.SignRevocationList, actor.Organisation.Value, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return AuthorityAnswer.Taken;
    }

    /// <summary>People's certificates come from this one from now on.</summary>
    public async Task<AuthorityChange> UseAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var now = _clock.GetUtcNow();
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (!await Own(db, actor.Organisation).AnyAsync(
            one => one.Id == id && one.Kind == CertificateKind.IssuingAuthority && one.State == CertificateState.Issued && one.NotAfter > now, cancellationToken))
        {
            return new AuthorityChange.NotPossible();
        }

        (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).IssueFrom(id);
        db.Record(new AuditEvent(actor, AuditAction.AuthorityChosen, id.Value));
        await db.CommitAsync(cancellationToken);
        return new AuthorityChange.Done(id);
    }

    /// <summary>Everybody whose current certificates are of another authority of ours gets new ones, with new keys, in the background.</summary>
    public async Task ReissueAsync(Actor actor, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.ReissueCertificates, actor.Organisation.Value, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>Certificates that people use for new mail.</summary>
    internal static IQueryable<Certificate> Current(PortalDbContext db, OrganisationId organisation) => db.Certificates
        .Where(one => one.OrganisationId == organisation && one.State == CertificateState.Issued && one.OwnerId != null && one.IssuerId != null)
        .Where(one => db.Accounts.Any(account => account.Id == one.OwnerId && !account.Disabled))
        .Where(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null && key.DisabledAt == null && key.DestroyedAt == null));

    private static IQueryable<Certificate> Own(PortalDbContext db, OrganisationId organisation) => db.Certificates.Where(
        one => one.OrganisationId == organisation && (one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority));

    private async Task<AuthorityChange> ChangeAsync(Actor actor, string name, string store, Func<string, Task<CertificateId>> make, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        if (PlainText.Name(name) is not { Length: > 0 and <= LongestName } clean || !_stores.Names.Contains(store))
        {
            return new AuthorityChange.Refused();
        }

        try
        {
            return new AuthorityChange.Done(await make(clean));
        }
        catch (KeyStoreException exception)
        {
            return new AuthorityChange.StoreAway(exception.Message);
        }
    }

    // Whether others could follow it: to the highest in the file.
    private AuthorityAnswer Judge(X509Certificate2 certificate, List<X509Certificate2> above)
    {
        var now = _clock.GetUtcNow();
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return AuthorityAnswer.NotValidNow;
        }

        var mayIssue = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority)
            && certificate.Extensions.OfType<X509KeyUsageExtension>().All(one => one.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign));
        if (!mayIssue)
        {
            return AuthorityAnswer.NotAnAuthority;
        }

        var tops = above.Where(CertificateNames.IsSelfIssued).Select(one => new TrustAnchor(one, RevocationPolicy.NotPublished)).ToList();
        return PathValidator.Validate(certificate, new TrustStore(tops, [], []), above, now) switch
        {
            PathValidation.Valid => AuthorityAnswer.Taken,
            PathValidation.Invalid { Failure: PathFailure.WrongUsage or PathFailure.PathLength } => AuthorityAnswer.NotForMail,
            _ => AuthorityAnswer.NoPath,
        };
    }
}
