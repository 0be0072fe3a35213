using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Mailboxes;

/// <summary>Connects a mailbox with its account elsewhere.</summary>
public sealed class MailAccounts
{
    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly MailAccountStore _store;
    private readonly MailConnections _connections;

    internal MailAccounts(PortalDatabase database, DataKeys keys, MailAccountStore store, MailConnections connections) =>
        (_database, _keys, _store, _connections) = (database, keys, store, connections);

    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<MailAccountView> ViewAsync(Actor.Person actor, MailboxId mailbox, CancellationToken cancellationToken)
    {
        if (!await OwnsAsync(actor, mailbox, cancellationToken) || await _store.FindAsync(actor.Organisation, mailbox, cancellationToken) is not { } account)
        {
            return new MailAccountView(null, null, null);
        }

        var settings = await _store.SettingsAsync(account, cancellationToken);
        return new MailAccountView(settings with { Password = null }, account.LastFetchAt, await _store.ProblemAsync(account, cancellationToken));
    }

    /// <summary>Tries both servers first; nothing is saved that does not work.</summary>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<MailAccountOutcome> ConnectAsync(Actor.Person actor, MailboxId mailbox, MailAccountSettings settings, CancellationToken cancellationToken)
    {
        if (!await OwnsAsync(actor, mailbox, cancellationToken))
        {
            return new MailAccountOutcome.CannotConnect(settings.ImapHost, MailboxTexts.NotYours);
        }

        var stored = await _store.FindAsync(actor.Organisation, mailbox, cancellationToken);
        if (settings.Password is null && stored is not null)
        {
            var known = await _store.SettingsAsync(stored, cancellationToken);

            // A stored password goes to the servers that it was given for, never to others.
            if (known.ImapHost != settings.ImapHost || known.SmtpHost != settings.SmtpHost || known.UserName != settings.UserName)
            {
                return new MailAccountOutcome.CannotConnect(settings.ImapHost, MailboxTexts.PasswordAgain);
            }

            settings = settings with { Password = known.Password };
        }

        if (await _connections.TryAsync(settings, cancellationToken) is { } problem)
        {
            return problem;
        }

        await SaveAsync(actor, mailbox, settings, cancellationToken);
        return new MailAccountOutcome.Saved();
    }

    private async Task SaveAsync(Actor.Person actor, MailboxId mailbox, MailAccountSettings settings, CancellationToken cancellationToken)
    {
        using var key = await _keys.OfMailboxAsync(actor.Organisation, mailbox, cancellationToken);
        var sealedSettings = MailAccountStore.Seal(key, mailbox, settings);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var account = await db.MailAccounts
            .SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.MailboxId == mailbox, cancellationToken);
        if (account is null)
        {
            account = new MailAccount(actor.Organisation, mailbox, sealedSettings);
            db.MailAccounts.Add(account);
            var now = await db.NowAsync(cancellationToken);
            WorkQueue.Enqueue(db, actor.Organisation, WorkKind.FetchMail, account.Id.Value, now);
            WorkQueue.Enqueue(db, actor.Organisation, WorkKind.WatchMail, account.Id.Value, now);
        }
        else
        {
            account.Configure(sealedSettings);
            await WorkQueue.HastenAsync(db, actor.Organisation, WorkKind.FetchMail, account.Id.Value, cancellationToken);

            // Whoever watches the servers of before loses the lease.
            await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.WatchMail, account.Id.Value, cancellationToken);
        }

        db.Record(new AuditEvent(actor, AuditAction.MailAccountChanged, account.Id.Value));
        await db.CommitAsync(cancellationToken);
    }

    private async Task<bool> OwnsAsync(Actor.Person actor, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Mailboxes.OwnedBy(actor).AnyAsync(one => one.Id == mailbox, cancellationToken);
    }
}
