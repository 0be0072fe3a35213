using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup;

/// <summary>A person leaves for good: certificates revoked, private keys destroyed, mail without its key, then without its bytes.</summary>
public sealed class PersonRemoval
{
    private readonly PortalDatabase _database;
    private readonly FourEyes _approvals;
    private readonly LiveSessions _live;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly Notices _notices;
    private readonly TimeProvider _clock;

    internal PersonRemoval(
        PortalDatabase database, FourEyes approvals, LiveSessions live, KeyBroker.KeyBroker broker, Notices notices, TimeProvider clock)
    {
        (_database, _approvals, _live) = (database, approvals, live);
        (_broker, _notices, _clock) = (broker, notices, clock);
    }

    /// <summary>Tells every administrator and the person, who can object until it is done.</summary>
    public async Task<ApprovalAsked> AskAsync(Actor.Person actor, AccountId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePeople);
        if (actor.Account == id)
        {
            return new ApprovalAsked.Oneself();
        }

        List<Account> concerned;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            concerned = await db.Accounts.Where(one => one.OrganisationId == actor.Organisation && one.Id == id)
                .Union(FourEyes.Administrators(db, actor.Organisation))
                .ToListAsync(cancellationToken);
        }

        if (concerned.Find(one => one.Id == id) is not { } subject)
        {
            return new ApprovalAsked.NotFound();
        }

        // Before the transaction: a notice that does not count in the end is sealed noise.
        var asker = concerned.Find(one => one.Id == actor.Account)?.DisplayName ?? string.Empty;
        var notices = new List<PreparedNotice>();
        foreach (var account in concerned)
        {
            notices.Add(await PrepareAsync(account, subject, asker, cancellationToken));
        }

        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await _approvals.AskAsync(write, actor, ApprovalKind.RemovePerson, id.Value, cancellationToken) is not { } asked)
        {
            return new ApprovalAsked.Already();
        }

        foreach (var notice in notices)
        {
            await _notices.EnqueueAsync(write, notice, cancellationToken);
        }

        await write.CommitAsync(cancellationToken);
        return asked;
    }

    /// <summary>Each step may be done again: what a node that died had begun, the next one goes on with.</summary>
    internal async Task CarryOutAsync(Actor.Portal actor, AccountId id, CancellationToken cancellationToken)
    {
        await LockOutAsync(actor, id, cancellationToken);
        List<ManagedKey> keys;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            keys = await db.ManagedKeys
                .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == id && one.DestroyedAt == null)
                .ToListAsync(cancellationToken);
        }

        foreach (var key in keys)
        {
            await _broker.DestroyAsync(actor, key, cancellationToken);
        }
    }

    private async Task LockOutAsync(Actor.Portal actor, AccountId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var account = await db.Accounts.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        account?.Disable();
        await _live.EndAllAsync(db, actor.Organisation, id, except: null, cancellationToken);
        var certificates = await db.Certificates
            .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == id && one.State != CertificateState.Revoked)
            .ToListAsync(cancellationToken);
        foreach (var certificate in certificates)
        {
            CertificateRevocation.Revoke(db, actor, certificate, CrlReason.CessationOfOperation, _clock.GetUtcNow());
        }

        if (certificates.Count > 0)
        {
            await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.SignRevocationList, actor.Organisation.Value, cancellationToken);
        }

        // Without this key nothing that the mailbox holds can be read, whatever else happens.
        await db.MailboxDataKeys
            .Where(one => one.OrganisationId == actor.Organisation
                && db.Mailboxes.Any(mailbox => mailbox.Id == one.MailboxId && mailbox.OwnerId == id))
            .ExecuteDeleteAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<PreparedNotice> PrepareAsync(Account to, Account subject, string asker, CancellationToken cancellationToken)
    {
        CultureInfo.GetCultureInfo(to.Language ?? "en").Speak();
        _ = AddrSpec.TryParse(to.Email, out var address);
        var text = SetupTexts.RemovalBody.With(asker, subject.DisplayName, subject.Email);
        return await _notices.PrepareAsync(to.OrganisationId, to.Id, address!, SetupTexts.RemovalSubject.With(subject.DisplayName), text, cancellationToken);
    }
}
