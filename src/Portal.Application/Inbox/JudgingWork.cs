using Microsoft.EntityFrameworkCore;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.Inbox;

/// <summary>Judges a message again that came with less than it takes.</summary>
internal sealed class JudgeAgainWork(PortalDatabase database, JudgingAgain judging) : IWorkHandler
{
    private static readonly TimeSpan[] Retries = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];

    public WorkKind Kind => WorkKind.JudgeAgain;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        bool lacks;
        try
        {
            lacks = await judging.JudgeAsync(work.Organisation, new StoredMessageId(work.Subject), cancellationToken);
        }
        catch (KeyStoreException)
        {
            lacks = true;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (lacks && work.Attempts <= Retries.Length
            ? WorkQueue.RescheduleAsync(db, work, Retries[work.Attempts - 1], endedWell: false, cancellationToken)
            : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }
}

/// <summary>Fetches what is published about a signer now; the judgement of then stays what it is.</summary>
internal sealed class RecheckWork(PortalDatabase database, JudgingAgain judging) : IWorkHandler
{
    public WorkKind Kind => WorkKind.RecheckSignature;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        await judging.GatherForNowAsync(work.Organisation, new StoredMessageId(work.Subject), cancellationToken);
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}

/// <summary>Judges again what was judged before an administrator decided about the authority that it depends on.</summary>
internal sealed class JudgeAfterDecisionWork(PortalDatabase database, JudgingAgain judging, TimeProvider clock) : IWorkHandler
{
    private const int MostAtOnce = 50;
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <summary>As long as somebody may still be judging by what was before.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    public WorkKind Kind => WorkKind.JudgeAfterDecision;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        TimeSpan? next = null;
        try
        {
            next = await JudgeAsync(work.Organisation, new ForeignAuthorityId(work.Subject), cancellationToken);
        }
        catch (KeyStoreException)
        {
            next = Retry;
        }

        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        await (next is { } delay
            ? WorkQueue.RescheduleAsync(db, work, delay, endedWell: true, cancellationToken)
            : WorkQueue.CompleteAsync(db, work, cancellationToken));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>When to come again; null when all is done.</returns>
    private async Task<TimeSpan?> JudgeAsync(OrganisationId organisation, ForeignAuthorityId authority, CancellationToken cancellationToken)
    {
        if (await DecidedAtAsync(organisation, authority, cancellationToken) is not { } decidedAt)
        {
            return null;
        }

        var messages = await DueAsync(organisation, authority, decidedAt, cancellationToken);
        foreach (var message in messages)
        {
            await judging.JudgeAsync(organisation, message, cancellationToken);
        }

        // One that cannot be judged any more keeps nobody busy.
        var now = clock.GetUtcNow();
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        await db.SignatureJudgements
            .Where(one => one.OrganisationId == organisation && messages.Contains(one.MessageId) && one.JudgedAt < decidedAt)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.JudgedAt, now), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return messages.Count == MostAtOnce ? TimeSpan.Zero : now - decidedAt < Overlap ? Overlap : null;
    }

    private async Task<DateTimeOffset?> DecidedAtAsync(OrganisationId organisation, ForeignAuthorityId authority, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.ForeignAuthorities
            .Where(one => one.OrganisationId == organisation && one.Id == authority)
            .Select(one => one.DecidedAt)
            .SingleOrDefaultAsync(cancellationToken);
    }

    // What waits for another authority may be below this one; what depended on one that is gone depends on nobody whom we know.
    private async Task<List<StoredMessageId>> DueAsync(
        OrganisationId organisation, ForeignAuthorityId authority, DateTimeOffset decidedAt, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var known = db.ForeignAuthorities.Where(one => one.OrganisationId == organisation);
        return await db.SignatureJudgements
            .Where(one => one.OrganisationId == organisation && one.JudgedAt < decidedAt)
            .Where(one => one.AuthorityId == authority
                || (!known.Any(row => row.Id == one.AuthorityId && row.Standing != AuthorityStanding.Waiting)
                    && db.Messages.Any(message => message.Id == one.MessageId && message.Verdict == MessageVerdict.SignedUntrusted)))
            .OrderBy(one => one.JudgedAt)
            .Select(one => one.MessageId)
            .Take(MostAtOnce)
            .ToListAsync(cancellationToken);
    }
}
