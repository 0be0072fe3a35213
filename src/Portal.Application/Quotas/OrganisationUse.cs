using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Quotas;

/// <param name="People">Who can sign in.</param>
/// <param name="Mailboxes">With their keys.</param>
/// <param name="StoredBytes">Mail, drafts and attachments, as long as they are unsealed.</param>
public sealed record UseFigures(int People, int Mailboxes, long StoredBytes);

/// <summary>What an organisation uses.</summary>
public sealed class OrganisationUse
{
    private readonly PortalDatabase _database;

    internal OrganisationUse(PortalDatabase database) => _database = database;

    public async Task<UseFigures> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return new UseFigures(
            await db.Accounts.CountAsync(one => one.OrganisationId == actor.Organisation && !one.Disabled, cancellationToken),
            await db.MailboxDataKeys.CountAsync(one => one.OrganisationId == actor.Organisation, cancellationToken),
            await db.Blobs.Where(one => one.OrganisationId == actor.Organisation).SumAsync(one => one.Length, cancellationToken) ?? 0);
    }
}
