using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Audit;
using Portal.Application.Organisations;

namespace Portal.Application.Domains;

/// <summary>The mail domains that an organisation claims and proves.</summary>
public sealed class OrganisationDomains
{
    private const int Most = 100;
    private static readonly TimeSpan WarnedAfter = TimeSpan.FromDays(7);
    private readonly PortalDatabase _database;
    private readonly DomainStore _store;
    private readonly DomainLooking _looking;
    private readonly TimeProvider _clock;

    internal OrganisationDomains(PortalDatabase database, DomainStore store, DomainLooking looking, IOptions<DomainOptions> options, TimeProvider clock)
    {
        (_database, _store, _looking, _clock) = (database, store, looking, clock);
        AsksForProof = options.Value.Proof == DomainProofDemand.Dns;
    }

    /// <summary>False where every claim is taken for granted.</summary>
    public bool AsksForProof { get; }

    public async Task<IReadOnlyList<DomainView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var views = new List<DomainView>();
        foreach (var domain in await DomainStore.Of(db, actor.Organisation).OrderBy(one => one.Name).ToListAsync(cancellationToken))
        {
            views.Add(View(domain, await DomainStore.CountAddressesAsync(db, domain, _clock.GetUtcNow(), cancellationToken)));
        }

        return views;
    }

    /// <returns>Null when the organisation has no such claim.</returns>
    public async Task<DomainView?> FindAsync(Actor actor, OrganisationDomainId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await DomainStore.Of(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is { } domain
            ? View(domain, await DomainStore.CountAddressesAsync(db, domain, _clock.GetUtcNow(), cancellationToken))
            : null;
    }

    /// <summary>Claims a domain; whoever else claims it is not asked, and not told.</summary>
    public async Task<DomainAdding> AddAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        if (MailDomain.Normalised(name) is not { } called)
        {
            return new DomainAdding.Malformed();
        }

        var domain = new OrganisationDomain(actor.Organisation, called, _clock.GetUtcNow());
        await using (var db = await _database.WriteAsync(actor.Organisation, cancellationToken))
        {
            var known = await DomainStore.Of(db, actor.Organisation).Select(one => new { one.Id, one.Name }).ToListAsync(cancellationToken);
            if (known.Find(one => one.Name == domain.Name) is { } here)
            {
                return new DomainAdding.AlreadyHere(here.Id);
            }

            if (known.Count >= Most)
            {
                return new DomainAdding.TooMany();
            }

            db.OrganisationDomains.Add(domain);
            db.Record(DomainStore.Event(actor, AuditAction.DomainAdded, domain));
            await db.CommitAsync(cancellationToken);
        }

        if (!AsksForProof)
        {
            await _store.ProveAsync(actor, domain.Id, DomainProof.NotAsked, cancellationToken);
        }

        return new DomainAdding.Added(domain.Id);
    }

    /// <summary>Looks into the DNS now.</summary>
    public async Task<DomainLook> LookAsync(Actor actor, OrganisationDomainId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        return await _store.FindAsync(actor.Organisation, id, cancellationToken) is { } domain
            ? await _looking.LookAsync(actor, domain, cancellationToken)
            : new DomainLook.Gone();
    }

    public async Task<DomainRemoval> RemoveAsync(Actor actor, OrganisationDomainId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await DomainStore.Of(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } domain)
        {
            return new DomainRemoval.Gone();
        }

        if (await DomainStore.CountAddressesAsync(db, domain, _clock.GetUtcNow(), cancellationToken) is > 0 and var addresses)
        {
            return new DomainRemoval.InUse(addresses);
        }

        db.OrganisationDomains.Remove(domain);
        db.Record(DomainStore.Event(actor, AuditAction.DomainRemoved, domain));
        await db.CommitAsync(cancellationToken);
        return new DomainRemoval.Removed();
    }

    /// <summary>The operator's word counts as proof.</summary>
    public Task<DomainLook> VouchAsync(Actor.Portal actor, OrganisationDomainId id, CancellationToken cancellationToken) =>
        _store.ProveAsync(actor, id, DomainProof.Operator, cancellationToken);

    /// <summary>A proof counts no more, because the domain has changed hands: its addresses here reach nobody outside, and get nothing from there.</summary>
    /// <returns>False when it was not proved.</returns>
    public async Task<bool> WithdrawAsync(Actor.Portal actor, OrganisationDomainId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await DomainStore.Of(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { ProvedAt: not null } domain)
        {
            return false;
        }

        domain.Withdraw();
        db.Record(DomainStore.Event(actor, AuditAction.DomainProofWithdrawn, domain));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private DomainView View(OrganisationDomain domain, int addresses) => new(
        domain.Id,
        domain.Name,
        DomainLooking.RecordName(domain),
        DomainLooking.RecordValue(domain),
        domain.ProvedAt,
        domain.Proof,
        domain.LookedAt,
        domain.MissingSince,
        domain.MissingSince is { } since && _clock.GetUtcNow() - since > WarnedAfter,
        addresses);
}
