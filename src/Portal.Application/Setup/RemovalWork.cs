using Microsoft.EntityFrameworkCore;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;

namespace Portal.Application.Setup;

/// <summary>Removes a person when it was agreed to, or when the day has passed: the rows last, in steps that each are saved.</summary>
internal sealed class RemovalWork(PortalDatabase database, FourEyes approvals, PersonRemoval removal) : IWorkHandler
{
    private const int BlobsAtOnce = 200;
    private const int MessagesAtOnce = 2000;

    public WorkKind Kind => WorkKind.RemovePerson;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var actor = new Actor.Portal(work.Organisation, "removal");
        if (await approvals.FindGivenAsync(work.Organisation, new ApprovalId(work.Subject), cancellationToken) is not { } approval)
        {
            await EndAsync(work, null, cancellationToken);
            return;
        }

        var account = new AccountId(approval.Subject);
        if (!await WouldLeaveAnAdministratorAsync(work.Organisation, account, cancellationToken))
        {
            await EndAsync(work, approval, cancellationToken);
            return;
        }

        await removal.CarryOutAsync(actor, account, cancellationToken);
        foreach (var mailbox in await MailboxesAsync(work.Organisation, account, cancellationToken))
        {
            await EmptyAsync(work.Organisation, mailbox, cancellationToken);
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await db.ListEntries.Where(one => one.OrganisationId == work.Organisation && one.OwnerId == account).ExecuteDeleteAsync(cancellationToken);
        await db.Mailboxes.Where(one => one.OrganisationId == work.Organisation && one.OwnerId == account).ExecuteDeleteAsync(cancellationToken);
        await db.Accounts.Where(one => one.OrganisationId == work.Organisation && one.Id == account).ExecuteDeleteAsync(cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.PersonRemoved, account.Value, new Dictionary<string, string> { ["approval"] = approval.Id.ToString() }));
        await FourEyes.EndAsync(db, approval, ApprovalState.CarriedOut, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<bool> WouldLeaveAnAdministratorAsync(OrganisationId organisation, AccountId account, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await FourEyes.Administrators(db, organisation).AnyAsync(one => one.Id != account, cancellationToken);
    }

    private async Task<List<MailboxId>> MailboxesAsync(OrganisationId organisation, AccountId account, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Mailboxes.Where(one => one.OrganisationId == organisation && one.OwnerId == account).Select(one => one.Id).ToListAsync(cancellationToken);
    }

    private async Task EmptyAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await WithdrawWorkAsync(organisation, mailbox, cancellationToken);
        await RepeatAsync(organisation, db => Messages(db, organisation, mailbox)
            .Where(one => Messages(db, organisation, mailbox).OrderBy(other => other.Id).Take(MessagesAtOnce).Select(other => other.Id).Contains(one.Id))
            .ExecuteDeleteAsync(cancellationToken), cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            await db.Drafts.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox).ExecuteDeleteAsync(cancellationToken);
            await db.LargeFiles.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox).ExecuteDeleteAsync(cancellationToken);
            await db.OutboxMessages.Where(one => one.OrganisationId == organisation && one.SenderId == mailbox).ExecuteDeleteAsync(cancellationToken);
            await db.MailAccounts.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox).ExecuteDeleteAsync(cancellationToken);
            await db.Folders.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox).ExecuteDeleteAsync(cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        await RepeatAsync(organisation, db =>
        {
            var blobs = db.Blobs.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox);
            return blobs.Where(one => blobs.OrderBy(other => other.Id).Take(BlobsAtOnce).Select(other => other.Id).Contains(one.Id)).ExecuteDeleteAsync(cancellationToken);
        }, cancellationToken);
    }

    /// <summary>What was on its way out does not go any more; what has arrived is not opened.</summary>
    private async Task WithdrawWorkAsync(OrganisationId organisation, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var outgoing = await db.OutboxMessages
            .Where(one => one.OrganisationId == organisation && one.SenderId == mailbox)
            .Where(one => db.Deliveries.Any(delivery => delivery.OutboxMessageId == one.Id && delivery.State != DeliveryState.Sent && delivery.State != DeliveryState.Failed))
            .Select(one => one.Id)
            .ToListAsync(cancellationToken);
        foreach (var message in outgoing)
        {
            await WorkQueue.WithdrawAsync(db, organisation, WorkKind.Dispatch, message.Value, cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
    }

    private async Task RepeatAsync(OrganisationId organisation, Func<PortalDbContext, Task<int>> deleteSome, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var db = await database.WriteAsync(organisation, cancellationToken);
            deleted = await deleteSome(db);
            await db.CommitAsync(cancellationToken);
        }
        while (deleted > 0);
    }

    private async Task EndAsync(ClaimedWork work, Approval? undone, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        if (undone is not null)
        {
            await FourEyes.EndAsync(db, undone, ApprovalState.Withdrawn, cancellationToken);
            db.Record(new AuditEvent(
                new Actor.Portal(work.Organisation, "removal"),
                AuditAction.ApprovalWithdrawn,
                undone.Subject,
                new Dictionary<string, string> { ["reason"] = "the last administrator", ["approval"] = undone.Id.ToString() }));
        }

        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private static IQueryable<StoredMessage> Messages(PortalDbContext db, OrganisationId organisation, MailboxId mailbox) =>
        db.Messages.Where(one => one.OrganisationId == organisation && one.MailboxId == mailbox);
}
