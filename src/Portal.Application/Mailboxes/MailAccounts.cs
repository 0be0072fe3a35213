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
    private readonly ConnectionTest _test;

    internal MailAccounts(PortalDatabase database, DataKeys keys, MailAccountStore store, ConnectionTest test) =>
        (_database, _keys, _store, _test) = (database, keys, store, test);

    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public async Task<MailAccountView> ViewAsync(Actor.Person actor, MailboxId mailbox, CancellationToken cancellationToken)
    {
        if (await FindAddressAsync(actor, mailbox, cancellationToken) is null || await _store.FindAsync(actor.Organisation, mailbox, cancellationToken) is not { } account)
        {
            return new MailAccountView(null, null, null);
        }

        var settings = await _store.SettingsAsync(account, cancellationToken);
        return new MailAccountView(settings.WithoutSecrets(), account.LastFetchAt, await _store.ProblemAsync(account, cancellationToken));
    }

    /// <summary>Walks the way to both servers, and saves nothing.</summary>
    /// <returns>Saved when every step worked: it could be.</returns>
    /// <inheritdoc cref="ConnectAsync"/>
    public Task<MailAccountOutcome> TestAsync(
        Actor.Person actor, MailboxId mailbox, MailAccountSettings settings, Func<ConnectionStep, Task> tell, CancellationToken cancellationToken) =>
        TryAsync(actor, mailbox, settings, tell, saves: false, cancellationToken);

    /// <summary>Walks the way to both servers first; nothing is saved that does not work.</summary>
    /// <param name="actor">Whose mailbox.</param>
    /// <param name="mailbox">Which.</param>
    /// <param name="settings">Secrets that are null are those that are stored.</param>
    /// <param name="tell">Hears of each step as it ends.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    public Task<MailAccountOutcome> ConnectAsync(
        Actor.Person actor, MailboxId mailbox, MailAccountSettings settings, Func<ConnectionStep, Task> tell, CancellationToken cancellationToken) =>
        TryAsync(actor, mailbox, settings, tell, saves: true, cancellationToken);

    private async Task<MailAccountOutcome> TryAsync(
        Actor.Person actor, MailboxId mailbox, MailAccountSettings settings, Func<ConnectionStep, Task> tell, bool saves, CancellationToken cancellationToken)
    {
        if (await FindAddressAsync(actor, mailbox, cancellationToken) is not { } address)
        {
            return new MailAccountOutcome.NotYours();
        }

        if (!settings.IsComplete)
        {
            return new MailAccountOutcome.Incomplete();
        }

        if (settings.OAuth is { IsEndpointAllowed: false })
        {
            return new MailAccountOutcome.EndpointNotAllowed();
        }

        var account = await _store.FindAsync(actor.Organisation, mailbox, cancellationToken);
        var stored = account is null ? null : await _store.SettingsAsync(account, cancellationToken);
        settings = stored is null ? settings : settings.WithSecretsOf(stored);
        if (!settings.HasSecrets)
        {
            return new MailAccountOutcome.SecretNeeded();
        }

        var tested = await _test.RunAsync(settings, address, tell, cancellationToken);
        if (stored?.OAuth is { } known && settings.OAuth?.RefreshToken == known.RefreshToken
            && tested.Settings.OAuth?.RefreshToken is { } rotated && rotated != known.RefreshToken)
        {
            await _store.RotateAsync(account!, known.RefreshToken, rotated, cancellationToken);
        }

        if (tested.Steps.Any(step => !step.IsOk))
        {
            return new MailAccountOutcome.CannotConnect(tested.Steps);
        }

        if (saves)
        {
            await SaveAsync(actor, mailbox, tested.Settings, cancellationToken);
        }

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

            // Whoever watches the servers of before loses the lease. Watching comes before fetching, as with whoever watches:
            // in the other order each would wait for the other.
            await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.WatchMail, account.Id.Value, cancellationToken);
            await WorkQueue.HastenAsync(db, actor.Organisation, WorkKind.FetchMail, account.Id.Value, cancellationToken);
        }

        db.Record(new AuditEvent(actor, AuditAction.MailAccountChanged, account.Id.Value));
        await db.CommitAsync(cancellationToken);
    }

    /// <returns>Null when the mailbox is not the actor's.</returns>
    private async Task<string?> FindAddressAsync(Actor.Person actor, MailboxId mailbox, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Mailboxes.OwnedBy(actor).Where(one => one.Id == mailbox).Select(one => one.Address).SingleOrDefaultAsync(cancellationToken);
    }
}
