using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Organisations;

namespace Portal.Application.Quotas;

/// <param name="People">Who can sign in.</param>
/// <param name="Mailboxes">With their keys.</param>
/// <param name="StoredBytes">Mail, drafts and attachments, as long as they are unsealed.</param>
/// <param name="LargestMailboxBytes">Of the mailbox that holds most.</param>
/// <param name="Chosen">What the organisation has chosen.</param>
/// <param name="Counts">What counts because of that.</param>
/// <param name="Most">What it may choose at most.</param>
public sealed record UseFigures(int People, int Mailboxes, long StoredBytes, long LargestMailboxBytes, OrganisationLimits Chosen, Quota Counts, Quota Most);

/// <summary>What an organisation uses, and what it may.</summary>
public sealed class OrganisationUse
{
    private readonly PortalDatabase _database;
    private readonly Quotas _quotas;

    internal OrganisationUse(PortalDatabase database, Quotas quotas) => (_database, _quotas) = (database, quotas);

    public async Task<UseFigures> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var chosen = (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Limits;
        var sums = await db.Blobs
            .Where(one => one.OrganisationId == actor.Organisation)
            .GroupBy(one => one.MailboxId)
            .Select(mailbox => mailbox.Sum(one => one.Length) ?? 0)
            .ToListAsync(cancellationToken);
        var most = _quotas.Maximum;
        return new UseFigures(
            await db.Accounts.CountAsync(one => one.OrganisationId == actor.Organisation && !one.Disabled, cancellationToken),
            await db.MailboxDataKeys.CountAsync(one => one.OrganisationId == actor.Organisation, cancellationToken),
            sums.Sum(),
            sums.DefaultIfEmpty().Max(),
            chosen,
            _quotas.Of(chosen),
            new Quota(most.People, most.MailboxBytes, most.TotalBytes, most.MessageBytes, most.FileBytes, most.Recipients, most.MessagesPerDay));
    }

    /// <returns>False when one of them is less than one, or above the installation's maximum.</returns>
    public async Task<bool> LimitAsync(Actor actor, OrganisationLimits limits, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        var most = _quotas.Maximum;
        var isFine = Fits(limits.People, most.People) && Fits(limits.MailboxBytes, most.MailboxBytes) && Fits(limits.TotalBytes, most.TotalBytes)
            && Fits(limits.MessageBytes, most.MessageBytes) && Fits(limits.Recipients, most.Recipients) && Fits(limits.MessagesPerDay, most.MessagesPerDay);
        if (!isFine)
        {
            return false;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Limit(limits);
        db.Record(new AuditEvent(actor, AuditAction.LimitsChanged, actor.Organisation.Value, new Dictionary<string, string>
        {
            ["people"] = $"{limits.People}",
            ["mailboxBytes"] = $"{limits.MailboxBytes}",
            ["totalBytes"] = $"{limits.TotalBytes}",
            ["messageBytes"] = $"{limits.MessageBytes}",
            ["recipients"] = $"{limits.Recipients}",
            ["messagesPerDay"] = $"{limits.MessagesPerDay}",
        }));
        await db.CommitAsync(cancellationToken);
        return true;
    }

    private static bool Fits(long? chosen, long most) => chosen is null || (chosen >= 1 && chosen <= most);
}
