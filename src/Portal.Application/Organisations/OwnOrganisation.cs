using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Organisations;

/// <param name="Name">As its people call it.</param>
/// <param name="CreatedAt">When it was founded.</param>
/// <param name="Policy">What it allows and chooses.</param>
public sealed record OrganisationView(string Name, DateTimeOffset CreatedAt, OrganisationPolicy Policy);

/// <summary>An organisation, for its administrators.</summary>
public sealed class OwnOrganisation
{
    public const int LongestName = PlainText.LongestName;
    private readonly PortalDatabase _database;

    internal OwnOrganisation(PortalDatabase database) => _database = database;

    public async Task<OrganisationView> ViewAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var organisation = await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken);
        return new OrganisationView(organisation.Name, organisation.CreatedAt, organisation.Policy);
    }

    /// <returns>False for a name that is empty or too long.</returns>
    public async Task<bool> RenameAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        if (PlainText.Name(name) is not { } called)
        {
            return false;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Rename(called);
        db.Record(new AuditEvent(actor, AuditAction.OrganisationRenamed, actor.Organisation.Value));
        await db.CommitAsync(cancellationToken);
        return true;
    }
}
