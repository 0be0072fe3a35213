using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

public abstract record KeyDestructionAsked
{
    /// <param name="DueAt">When it is done without a second administrator; none where one has to agree.</param>
    public sealed record Asked(DateTimeOffset? DueAt) : KeyDestructionAsked;

    /// <summary>The same is asked for already.</summary>
    public sealed record Already : KeyDestructionAsked;

    public sealed record NotFound : KeyDestructionAsked;

    /// <summary>Something would be lost.</summary>
    public sealed record Hindered(IReadOnlyList<KeyObstacle> Obstacles) : KeyDestructionAsked;
}

/// <summary>Destroys a key that nothing needs any more, when a second administrator agrees.</summary>
public sealed class KeyDestruction
{
    private readonly PortalDatabase _database;
    private readonly FourEyes _approvals;
    private readonly Notices _notices;
    private readonly TimeProvider _clock;

    private readonly LiveSessions _sessions;

    internal KeyDestruction(PortalDatabase database, FourEyes approvals, Notices notices, LiveSessions sessions, TimeProvider clock) =>
        (_database, _approvals, _notices, _sessions, _clock) = (database, approvals, notices, sessions, clock);

    /// <summary>Tells every administrator and whose key it is.</summary>
    public async Task<KeyDestructionAsked> AskAsync(Actor.Person actor, ManagedKeyId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManagePeople, cancellationToken);
        ManagedKey? key;
        List<Account> concerned;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            key = await db.ManagedKeys.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id && one.DestroyedAt == null, cancellationToken);
            if (key is null)
            {
                return new KeyDestructionAsked.NotFound();
            }

            // What has arrived is opened before it is carried out.
            var obstacles = await KeyObstacles.OfAsync(db, key, _clock.GetUtcNow(), cancellationToken);
            if (obstacles.Any(one => one != KeyObstacle.UnopenedMail))
            {
                return new KeyDestructionAsked.Hindered(obstacles);
            }

            concerned = await db.Accounts.Where(one => one.OrganisationId == actor.Organisation && one.Id == key.OwnerId)
                .Union(FourEyes.Administrators(db, actor.Organisation))
                .ToListAsync(cancellationToken);
        }

        // Before the transaction: a notice that does not count in the end is sealed noise.
        var notices = new List<PreparedNotice>();
        foreach (var account in concerned)
        {
            notices.Add(await PrepareAsync(account, concerned.Find(one => one.Id == actor.Account), concerned.Find(one => one.Id == key.OwnerId), key, cancellationToken));
        }

        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await _approvals.AskAsync(write, actor, ApprovalKind.DestroyKey, id.Value, cancellationToken) is not { } asked)
        {
            return new KeyDestructionAsked.Already();
        }

        foreach (var notice in notices)
        {
            await _notices.EnqueueAsync(write, notice, cancellationToken);
        }

        await write.CommitAsync(cancellationToken);
        return new KeyDestructionAsked.Asked(asked.DueAt);
    }

    private async Task<PreparedNotice> PrepareAsync(Account to, Account? asker, Account? owner, ManagedKey key, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(to.Language ?? "en").Speak();
        _ = AddrSpec.TryParse(to.Email, out var address);
        var text = KeyTexts.DestructionBody.With(asker?.DisplayName ?? string.Empty, KeyWords.Of(key.Purpose), owner?.DisplayName ?? KeyTexts.TheOrganisation, key.CreatedAt.UtcDateTime);
        return await _notices.PrepareAsync(to.OrganisationId, to.Id, address!, KeyTexts.DestructionSubject, text, cancellationToken);
    }
}

/// <summary>What a key is for, in words for mail.</summary>
internal static class KeyWords
{
    public static string Of(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.SignMessage => KeyTexts.SignMessage,
        KeyPurpose.OpenMessage => KeyTexts.OpenMessage,
        KeyPurpose.UnwrapDataKey => KeyTexts.UnwrapDataKey,
        KeyPurpose.CertificateAuthority => KeyTexts.CertificateAuthority,
        KeyPurpose.AnswerForAuthority => KeyTexts.AnswerForAuthority,
        KeyPurpose.SignForDomain => KeyTexts.SignForDomain,
        KeyPurpose.SignNotice => KeyTexts.SignNotice,
        KeyPurpose.SignForList => KeyTexts.SignForList,
        KeyPurpose.OpenForList => KeyTexts.OpenForList,
        KeyPurpose.OpenSecureLink => KeyTexts.OpenSecureLink,
    };
}

/// <summary>Looks once more, waits until what has arrived is opened, and destroys.</summary>
internal sealed class KeyDestructionWork(PortalDatabase database, FourEyes approvals, KeyBroker.KeyBroker broker, TimeProvider clock) : IWorkHandler
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public WorkKind Kind => WorkKind.DestroyKey;

    public async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        var actor = new Actor.Portal(work.Organisation, "key-destruction");
        var approval = await approvals.FindGivenAsync(work.Organisation, new ApprovalId(work.Subject), cancellationToken);
        if (approval is null)
        {
            await EndAsync(actor, work, null, [], cancellationToken);
            return;
        }

        ManagedKey key;
        IReadOnlyList<KeyObstacle> obstacles;
        await using (var db = await database.ReadAsync(work.Organisation, cancellationToken))
        {
            key = await db.ManagedKeys.SingleAsync(one => one.OrganisationId == work.Organisation && one.Id == new ManagedKeyId(approval.Subject), cancellationToken);
            obstacles = await KeyObstacles.OfAsync(db, key, clock.GetUtcNow(), cancellationToken);
        }

        if (obstacles is [KeyObstacle.UnopenedMail])
        {
            await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
            await WorkQueue.RescheduleAsync(db, work, Doubling.Wait(work.Attempts, FirstWait, LongestWait), endedWell: false, cancellationToken);
            await db.CommitAsync(cancellationToken);
            return;
        }

        if (obstacles.Count == 0)
        {
            await broker.DestroyAsync(actor, key, cancellationToken);
        }

        await EndAsync(actor, work, approval, obstacles, cancellationToken);
    }

    private async Task EndAsync(Actor actor, ClaimedWork work, Approval? approval, IReadOnlyList<KeyObstacle> obstacles, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(work.Organisation, cancellationToken);
        if (approval is not null)
        {
            await FourEyes.EndAsync(db, approval, obstacles.Count == 0 ? ApprovalState.CarriedOut : ApprovalState.Withdrawn, cancellationToken);
        }

        if (obstacles.Count > 0)
        {
            db.Record(new AuditEvent(actor, AuditAction.ApprovalWithdrawn, approval!.Subject, new Dictionary<string, string>
            {
                ["kind"] = approval.Kind.ToString(),
                ["approval"] = approval.Id.ToString(),
                ["reason"] = string.Join(' ', obstacles),
            }));
        }

        await WorkQueue.CompleteAsync(db, work, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }
}
