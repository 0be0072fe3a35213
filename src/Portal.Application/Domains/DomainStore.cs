using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Organisations;

namespace Portal.Application.Domains;

/// <summary>Rows of claims, and the one place where a claim becomes proved.</summary>
internal sealed class DomainStore(PortalDatabase database, TimeProvider clock)
{
    public async Task<OrganisationDomain?> FindAsync(OrganisationId organisation, OrganisationDomainId id, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await Of(db, organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
    }

    public async Task<List<OrganisationDomain>> ListAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await Of(db, organisation).OrderBy(one => one.Name).ToListAsync(cancellationToken);
    }

    /// <returns>Proved, ProvedElsewhere or Gone.</returns>
    public async Task<DomainLook> ProveAsync(Actor actor, OrganisationDomainId id, DomainProof proof, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Of(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is not { } domain)
        {
            return new DomainLook.Gone();
        }

        if (domain.ProvedAt is null || domain.Proof != proof)
        {
            db.Record(Event(actor, AuditAction.DomainProved, domain, proof));
        }

        domain.Prove(proof, clock.GetUtcNow());
        try
        {
            await db.CommitAsync(cancellationToken);
            return new DomainLook.Proved();
        }
        catch (DbUpdateException)
        {
            // The index that lets only one organisation have proved a domain.
            return new DomainLook.ProvedElsewhere();
        }
    }

    /// <summary>The DNS answered.</summary>
    public async Task LookedAsync(OrganisationId organisation, OrganisationDomainId id, bool found, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        if (await Of(db, organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken) is { } domain)
        {
            domain.Look(found, clock.GetUtcNow());
            await db.CommitAsync(cancellationToken);
        }
    }

    public static IQueryable<OrganisationDomain> Of(PortalDbContext db, OrganisationId organisation) =>
        db.OrganisationDomains.Where(one => one.OrganisationId == organisation);

    /// <summary>People in it, and whoever is invited into it.</summary>
    public static async Task<int> CountAddressesAsync(PortalDbContext db, OrganisationDomain domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ending = Account.Normalise($"@{domain.Name}");
        var people = await db.Accounts.CountAsync(
            one => one.OrganisationId == domain.OrganisationId && one.NormalisedEmail.EndsWith(ending), cancellationToken);
        var invited = await db.OneTimeLinks.CountAsync(
            one => one.OrganisationId == domain.OrganisationId && one.Purpose == OneTimeLinkPurpose.Join && one.UsedAt == null && one.ExpiresAt > now
                && one.Email!.EndsWith(ending),
            cancellationToken);
        return people + invited;
    }

    public static AuditEvent Event(Actor actor, AuditAction action, OrganisationDomain domain, DomainProof? proof = null)
    {
        var detail = new Dictionary<string, string> { ["domain"] = domain.Name };
        if (proof is not null)
        {
            detail["proof"] = $"{proof}";
        }

        return new AuditEvent(actor, action, domain.Id.Value, detail);
    }
}
