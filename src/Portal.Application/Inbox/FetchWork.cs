using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Telemetry;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Inbox;

/// <summary>Fetches new mail of one account elsewhere (RFC 9051): raw bytes are stored first, and nothing there is changed or deleted.</summary>
internal sealed partial class FetchWork(
    PortalDatabase database,
    MailAccountStore accounts,
    AccountConnections connections,
    SealedBlobs blobs,
    DataKeys keys,
    Quotas.Quotas quotas,
    IOptions<TransportOptions> options,
    Figures figures,
    TimeProvider clock,
    ILogger<FetchWork> logger) : IWorkHandler
{
    private const int MostAtOnce = 50;

    public WorkKind Kind => WorkKind.FetchMail;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(work.Organisation, new MailAccountId(work.Subject), cancellationToken) is not { } account)
        {
            await EndAsync(work, cancellationToken);
            return;
        }

        using var key = await keys.OfMailboxAsync(work.Organisation, account.MailboxId, cancellationToken);
        using var span = Spans.Start("portal.fetch", work.Organisation)?.SetTag("portal.account", account.Id.ToString());
        string? problem = null;
        var more = false;
        try
        {
            if (await quotas.RoomAsync(work.Organisation, account.MailboxId, cancellationToken) == 0)
            {
                throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.MailboxFullHere)));
            }

            using var client = await connections.ImapAsync(account, cancellationToken);
            more = await FetchAsync(work, client, account, key, cancellationToken);
            await client.DisconnectAsync(true, cancellationToken);
        }
        catch (Exception exception) when (exception is MailServerException || MailServerException.IsExpected(exception))
        {
            problem = (exception as MailServerException ?? new MailServerException(exception)).Kept;
            span.Fail(exception);
        }

        await ScheduleAsync(work, account, problem, more, key, cancellationToken);
    }

    private async Task<bool> FetchAsync(ClaimedWork work, ImapClient client, MailAccount account, SealingKey key, CancellationToken cancellationToken)
    {
        var inbox = client.Inbox ?? throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.NoInbox)));
        await inbox.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        var validity = (long)inbox.UidValidity;
        var after = account.UidValidity == validity ? account.LastUid : 0;
        var range = new UniqueIdRange(new UniqueId((uint)(after + 1)), UniqueId.MaxValue);

        // "n:*" names the last message even when it is older (RFC 9051 §6.4.9).
        var found = await inbox.SearchAsync(SearchQuery.Uids(range), cancellationToken);
        var uids = found.Where(uid => uid.Id > after).Order().ToList();
        var folder = key.Token(Encoding.UTF8.GetBytes(inbox.FullName));
        var summaries = await inbox.FetchAsync(uids.Take(MostAtOnce).ToList(), MessageSummaryItems.UniqueId | MessageSummaryItems.InternalDate, cancellationToken);
        foreach (var summary in summaries.OrderBy(one => one.UniqueId))
        {
            await StoreAsync(inbox, new RemoteMessage(work, account, folder, validity, summary.UniqueId.Id, ArrivedAt(summary)), key, cancellationToken);
        }

        return uids.Count > MostAtOnce;
    }

    private sealed record RemoteMessage(ClaimedWork Work, MailAccount Account, byte[] Folder, long UidValidity, long Uid, DateTimeOffset At);

    // When the other server took the message in: mail that waited there is judged as of then.
    private DateTimeOffset ArrivedAt(IMessageSummary summary)
    {
        var now = clock.GetUtcNow();
        return summary.InternalDate is { } date && date < now ? date.ToUniversalTime() : now;
    }

    private async Task StoreAsync(IMailFolder inbox, RemoteMessage remote, SealingKey key, CancellationToken cancellationToken)
    {
        StoredBlob raw;
        try
        {
            await using var content = await inbox.GetStreamAsync(new UniqueId((uint)remote.Uid), string.Empty, cancellationToken);
            raw = await blobs.WriteAsync(remote.Account.OrganisationId, remote.Account.MailboxId, content, options.Value.LargestMessage, cancellationToken);
        }
        catch (BlobTooLongException)
        {
            // It stays on the other server, and does not hold up what comes after it.
            await PassOverAsync(remote, key, cancellationToken);
            return;
        }

        if (await EnterAsync(remote, raw, key.Token(raw.Sha256), cancellationToken))
        {
            figures.Arrived(ArrivalRoute.Fetched);
            return;
        }

        await blobs.DeleteAsync(remote.Account.OrganisationId, raw.Id, cancellationToken);
    }

    private async Task PassOverAsync(RemoteMessage remote, SealingKey key, CancellationToken cancellationToken)
    {
        LogTooLarge(remote.Account.Id, remote.Uid);
        var (organisation, mailbox) = (remote.Account.OrganisationId, remote.Account.MailboxId);
        await using (var read = await database.ReadAsync(organisation, cancellationToken))
        {
            (await OwnersLanguage.FindAsync(read, organisation, mailbox, cancellationToken)).Speak();
        }

        await using var notice = await TooLargeNotice.WriteAsync(remote.At, clock.GetUtcNow(), options.Value.LargestMessage, cancellationToken);
        var stored = await blobs.WriteAsync(organisation, mailbox, notice, long.MaxValue, cancellationToken);
        await using var db = await database.WriteAsync(remote.Account.OrganisationId, cancellationToken);
        await WorkQueue.ConfirmAsync(db, remote.Work, cancellationToken);
        var account = await db.MailAccounts.SingleAsync(
            one => one.OrganisationId == remote.Account.OrganisationId && one.Id == remote.Account.Id, cancellationToken);
        account.Enter(remote.UidValidity);
        account.Reach(remote.Uid);
        var message = await Arrivals.EnterAsync(db, organisation, mailbox, stored, key.Token(stored.Sha256), clock.GetUtcNow(), cancellationToken);
        message.CameFrom(account.Id, remote.Folder, remote.UidValidity, remote.Uid);
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>False when the message is known: fetched by another node, or before the server numbered its mail anew.</returns>
    private async Task<bool> EnterAsync(RemoteMessage remote, StoredBlob raw, byte[] token, CancellationToken cancellationToken)
    {
        var (organisation, mailbox) = (remote.Account.OrganisationId, remote.Account.MailboxId);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        await WorkQueue.ConfirmAsync(db, remote.Work, cancellationToken);
        var account = await db.MailAccounts.SingleAsync(one => one.OrganisationId == organisation && one.Id == remote.Account.Id, cancellationToken);
        account.Enter(remote.UidValidity);
        account.Reach(remote.Uid);
        var known = await db.Messages.FirstOrDefaultAsync(
            one => one.MailboxId == mailbox && one.MailAccountId == account.Id && one.ContentToken == token, cancellationToken);
        if (known is null)
        {
            var message = await Arrivals.EnterAsync(db, organisation, mailbox, raw, token, remote.At, cancellationToken);
            message.CameFrom(account.Id, remote.Folder, remote.UidValidity, remote.Uid);
        }
        else if (known.UidValidity != remote.UidValidity)
        {
            known.CameFrom(account.Id, remote.Folder, remote.UidValidity, remote.Uid);
        }

        await db.CommitAsync(cancellationToken);
        return known is null;
    }

    private async Task ScheduleAsync(
        ClaimedWork work, MailAccount account, string? problem, bool more, SealingKey key, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        var row = await db.MailAccounts.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == account.Id, cancellationToken);
        if (problem is null)
        {
            row.Fetched(clock.GetUtcNow());
        }
        else
        {
            row.Fail(MailAccountStore.SealProblem(key, account.MailboxId, problem));
        }

        // A server that is away is asked less and less often, up to every quarter of an hour.
        var wait = problem is null
            ? await IntervalAsync(db, work, cancellationToken)
            : TimeSpan.FromTicks(Math.Min(options.Value.FetchInterval.Ticks << Math.Min(work.Attempts, 10), TimeSpan.FromMinutes(15).Ticks));
        await WorkQueue.RescheduleAsync(db, work, more ? TimeSpan.Zero : wait, problem is null, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>What is watched says when there is something; asking is for what the watch does not see.</summary>
    private async Task<TimeSpan> IntervalAsync(PortalDbContext db, ClaimedWork work, CancellationToken cancellationToken) =>
        options.Value.FetchInterval * (await WorkQueue.IsLeasedAsync(db, work.Organisation, WorkKind.WatchMail, work.Subject, cancellationToken) ? 10 : 1);

    private async Task EndAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: message {Uid} is too large and stays on its server.")]
    private partial void LogTooLarge(MailAccountId account, long uid);
}
