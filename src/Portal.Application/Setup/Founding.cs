using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.Domains;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.Organisations;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.Setup;

/// <summary>A new organisation: its data key, its authority, its first revocation list. Each step can be repeated after a crash.</summary>
internal sealed class Founding(PortalDatabase database, KeyBroker.KeyBroker broker, ConfiguredKeyStores stores, CertificateAuthority authority, RevocationLists lists, ResponderCertificates responders, TimeProvider clock)
{
    /// <summary>What is done again and again, and when first: a new organisation has nothing to sweep.</summary>
    private static readonly (WorkKind Kind, TimeSpan First)[] Regular =
    [
        (WorkKind.SignRevocationList, RevocationLists.Interval),
        (WorkKind.RenewCertificates, CertificateRenewal.Interval),
        (WorkKind.RenewFetched, FetchedRenewal.Interval),
        (WorkKind.WriteCheckpoint, TimeSpan.Zero),
        (WorkKind.Sweep, TimeSpan.FromDays(1)),
        (WorkKind.LookAtDomains, DomainWork.Interval),
    ];

    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<OrganisationId> FoundAsync(string name, string domain, OrganisationId? begun, CancellationToken cancellationToken)
    {
        var organisation = begun ?? await CreateAsync(name, domain, cancellationToken);
        var state = await StateAsync(organisation, cancellationToken);
        if (!state.HasDataKey)
        {
            await CreateDataKeyAsync(organisation, cancellationToken);
        }

        if (!state.HasRoot)
        {
            await authority.CreateRootAsync(CertificateAuthority.Issuer(organisation), $"{name} Mail Root", store: null, cancellationToken);
        }

        if (!state.HasAuthority)
        {
            await authority.CreateIssuingAsync(CertificateAuthority.Issuer(organisation), $"{name} Mail CA", store: null, cancellationToken);
        }

        if (!state.Work.Contains(WorkKind.SignRevocationList))
        {
            await responders.EnsureAsync(organisation, cancellationToken);
            await lists.PublishAsync(organisation, cancellationToken);
        }

        foreach (var (kind, first) in Regular.Where(one => !state.Work.Contains(one.Kind)))
        {
            await ScheduleAsync(organisation, kind, first, cancellationToken);
        }

        return organisation;
    }

    /// <summary>Whether every step has been done.</summary>
    public async Task<bool> IsFoundedAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        (await StateAsync(organisation, cancellationToken)).IsWhole;

    private async Task<OrganisationId> CreateAsync(string name, string domain, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var organisation = new Organisation(OrganisationId.New(), name, stores.DefaultName, now);

        // Whoever founds an organisation runs the installation: their word is enough.
        var claim = new OrganisationDomain(organisation.Id, domain, now);
        claim.Prove(DomainProof.Operator, now);
        await using var db = await database.WriteAsync(organisation.Id, cancellationToken);
        db.Organisations.Add(organisation);
        db.OrganisationDomains.Add(claim);
        db.AuditChains.Add(new AuditChain(organisation.Id));
        db.Record(new AuditEvent(new Actor.Portal(organisation.Id, "set-up"), AuditAction.SetUp, organisation.Id.Value));
        await db.CommitAsync(cancellationToken);
        return organisation.Id;
    }

    private async Task<State> StateAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return new State(
            await db.OrganisationDataKeys.AnyAsync(one => one.OrganisationId == organisation, cancellationToken),
            await db.Certificates.AnyAsync(
                one => one.OrganisationId == organisation && one.Kind == CertificateKind.RootAuthority && one.State == CertificateState.Issued, cancellationToken),
            await db.Organisations.AnyAsync(one => one.Id == organisation && one.IssuingAuthorityId != null, cancellationToken),
            await db.WorkItems.Where(one => one.OrganisationId == organisation && one.Subject == organisation.Value).Select(one => one.Kind).ToListAsync(cancellationToken));
    }

    private async Task CreateDataKeyAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var actor = new Actor.Portal(organisation, "set-up");
        string store;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            store = await db.Organisations.Where(one => one.Id == organisation).Select(one => one.OwnKeyStore).SingleAsync(cancellationToken);
        }

        var key = await broker.CreateAsync(actor, null, KeyPurpose.UnwrapDataKey, KeyAlgorithm.Rsa3072, store, cancellationToken);
        await using var write = await database.WriteAsync(organisation, cancellationToken);
        KeyBroker.KeyBroker.Add(write, actor, key);
        DataKeys.CreateForOrganisation(write, key);
        await write.CommitAsync(cancellationToken);
    }

    private async Task ScheduleAsync(OrganisationId organisation, WorkKind kind, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var due = await db.NowAsync(cancellationToken) + delay;
        WorkQueue.Enqueue(db, organisation, kind, organisation.Value, due);
        await db.CommitAsync(cancellationToken);
    }

    private sealed record State(bool HasDataKey, bool HasRoot, bool HasAuthority, IReadOnlyList<WorkKind> Work)
    {
        public bool IsWhole => HasDataKey && HasRoot && HasAuthority && Regular.All(one => Work.Contains(one.Kind));
    }
}
