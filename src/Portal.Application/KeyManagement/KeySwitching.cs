using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.KeyManagement;

public abstract record KeySwitched
{
    public sealed record Done : KeySwitched;

    public sealed record NotFound : KeySwitched;

    /// <summary>Disabled here it is all the same; enabled it is not.</summary>
    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : KeySwitched;
}

/// <summary>Stops a key at once for every process, and lets it go on. What arrives for it meanwhile waits.</summary>
public sealed class KeySwitching
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;

    private readonly LiveSessions _sessions;

    internal KeySwitching(PortalDatabase database, KeyBroker.KeyBroker broker, LiveSessions sessions) => (_database, _broker, _sessions) = (database, broker, sessions);

    public async Task<KeySwitched> DisableAsync(Actor actor, KeyBroker.ManagedKeyId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        return await SwitchedAsync(() => _broker.DisableAsync(actor, id, cancellationToken));
    }

    /// <summary>Also ends a rest, and has what waits tried again at once.</summary>
    public async Task<KeySwitched> EnableAsync(Actor actor, KeyBroker.ManagedKeyId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var switched = await SwitchedAsync(() => _broker.EnableAsync(actor, id, cancellationToken));
        if (switched is KeySwitched.Done)
        {
            await OpenWhatWaitsAsync(actor, id, cancellationToken);
        }

        return switched;
    }

    private async Task OpenWhatWaitsAsync(Actor actor, KeyBroker.ManagedKeyId id, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        var key = await db.ManagedKeys.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        var waiting = (await KeyObstacles.Unopened(db, key).Select(one => one.Id).ToListAsync(cancellationToken)).ConvertAll(one => one.Value);
        await db.WorkItems
            .Where(one => one.OrganisationId == actor.Organisation && one.Kind == WorkKind.OpenArrival && waiting.Contains(one.Subject) && one.DueAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, now), cancellationToken);
        db.AnnounceWork();
        await db.CommitAsync(cancellationToken);
    }

    private static async Task<KeySwitched> SwitchedAsync(Func<Task<bool>> ask)
    {
        try
        {
            return await ask() ? new KeySwitched.Done() : new KeySwitched.NotFound();
        }
        catch (KeyStoreException exception)
        {
            return new KeySwitched.StoreAway(exception.Message);
        }
    }
}
