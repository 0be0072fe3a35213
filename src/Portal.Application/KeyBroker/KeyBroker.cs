using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal abstract record KeyGrant
{
    /// <summary>A key that accounts for each use before it is made.</summary>
    public sealed record Granted(BrokeredKey Key) : KeyGrant;

    /// <summary>It is the right key, and nobody may use it now.</summary>
    public sealed record Disabled : KeyGrant;

    /// <summary>Too much did not open with it lately: nothing is opened that nobody waits for.</summary>
    public sealed record Resting(DateTimeOffset Until) : KeyGrant;

    public sealed record Denied : KeyGrant;
}

/// <summary>The only caller of people's and organisations' private keys: who may use which key for what, and the record of it.</summary>
internal sealed class KeyBroker(
    PortalDatabase database, ConfiguredKeyStores stores, LiveSessions sessions, TimeProvider clock)
{
    /// <summary>Within <see cref="FailureWindow"/>: whoever sends so many that do not open is trying something.</summary>
    public const int MostFailures = 50;

    private static readonly TimeSpan FailureWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    /// <summary>Asks the store for a key, outside any transaction; <see cref="Add"/> puts it on record.</summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<ManagedKey> CreateAsync(
        Actor actor,
        AccountId? owner,
        KeyPurpose purpose,
        KeyAlgorithm algorithm,
        string store,
        CancellationToken cancellationToken)
    {
        var id = ManagedKeyId.New();
        var created = await stores.Of(store).CreateAsync($"k-{id}", algorithm, purpose.Use(), cancellationToken);
        return new ManagedKey(id, actor.Organisation, owner, purpose, algorithm, created, clock.GetUtcNow());
    }

    /// <summary>
    /// The same, with a request by which another authority shall certify it (RFC 2986): signed with the key before anybody knows
    /// of it. A store's key that decrypts cannot sign, so that such a pair is made here and put into the store.
    /// </summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="owner">None for the organisation's own.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="algorithm">Of the pair.</param>
    /// <param name="store">That shall hold it.</param>
    /// <param name="request">Builds the request: from the key, and its SubjectPublicKeyInfo.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="KeyStoreException">The store does not answer, or takes no such key.</exception>
    public async Task<(ManagedKey Key, byte[] Request)> CreateRequestedAsync(
        Actor actor, AccountId? owner, KeyPurpose purpose, KeyAlgorithm algorithm, string store, Func<IPrivateKey, ReadOnlyMemory<byte>, Task<byte[]>> request, CancellationToken cancellationToken)
    {
        if (purpose.Use() == KeyUse.Sign)
        {
            var key = await CreateAsync(actor, owner, purpose, algorithm, store, cancellationToken);
            return (key, await request(stores.Of(store).Open(key.Reference), key.SubjectPublicKeyInfo));
        }

        using var pair = SoftwareKey.NewPair(algorithm);
        var privateKeyInfo = pair.ExportPkcs8PrivateKey();
        try
        {
            using var proving = SoftwareKey.Import(privateKeyInfo, new KeyReference(store, "new", "1"));
            var signed = await request(proving, proving.SubjectPublicKeyInfo());
            return (await ImportAsync(actor, owner, purpose, algorithm, privateKeyInfo, store, cancellationToken), signed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKeyInfo);
        }
    }

    /// <summary>Puts a pair into the store that was made elsewhere, outside any transaction; <see cref="Add"/> puts it on record.</summary>
    /// <exception cref="KeyStoreException">The store does not answer, or holds no such keys.</exception>
    public async Task<ManagedKey> ImportAsync(
        Actor actor,
        AccountId? owner,
        KeyPurpose purpose,
        KeyAlgorithm algorithm,
        ReadOnlyMemory<byte> privateKeyInfo,
        string store,
        CancellationToken cancellationToken)
    {
        var id = ManagedKeyId.New();
        var imported = await stores.Of(store).ImportAsync($"k-{id}", privateKeyInfo, purpose.Use(), cancellationToken);
        return new ManagedKey(id, actor.Organisation, owner, purpose, algorithm, imported, clock.GetUtcNow());
    }

    /// <summary>One that is not on record, and never will be.</summary>
    public async Task DiscardAsync(ManagedKey key, CancellationToken cancellationToken)
    {
        try
        {
            await stores.Of(key.Store).DestroyAsync(key.Reference, cancellationToken);
        }
        catch (KeyStoreException)
        {
            // It stays where it is, and is good for nothing.
        }
    }

    public static void Add(PortalDbContext db, Actor actor, ManagedKey key)
    {
        db.ManagedKeys.Add(key);
        db.Record(new AuditEvent(actor, AuditAction.KeyCreated, key.Id.Value, new Dictionary<string, string> { ["purpose"] = key.Purpose.ToString() }));
    }

    /// <param name="actor">Who wants it.</param>
    /// <param name="id">Which.</param>
    /// <param name="task">For what.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="many">All uses are one on record. Whoever asks for that soon asks anew, because a key may be disabled any time.</param>
    public async Task<KeyGrant> GrantAsync(Actor actor, ManagedKeyId id, KeyTask task, CancellationToken cancellationToken, bool many = false)
    {
        ManagedKey? key;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            key = await db.ManagedKeys.SingleOrDefaultAsync(one => one.Id == id && one.OrganisationId == actor.Organisation, cancellationToken);
        }

        if (key is null || key.DestroyedAt is not null || key.Purpose != task.Purpose() || !task.MayBeDoneBy(actor, key.OwnerId, key.ReaderId) || !await IsHereAsync(actor, cancellationToken))
        {
            await RecordAsync(actor, AuditAction.KeyUseDenied, id, task, cancellationToken);
            return new KeyGrant.Denied();
        }

        if (key.DisabledAt is not null)
        {
            await RecordAsync(actor, AuditAction.KeyUseDenied, id, task, cancellationToken);
            return new KeyGrant.Disabled();
        }

        if (actor is Actor.Portal && task == KeyTask.OpenMessage && key.RestsUntil is { } until && until > clock.GetUtcNow())
        {
            await RecordAsync(actor, AuditAction.KeyUseDenied, id, task, cancellationToken);
            return new KeyGrant.Resting(until);
        }

        return new KeyGrant.Granted(new BrokeredKey(this, actor, key, task, stores.Of(key.Store).Open(key.Reference), many));
    }

    /// <summary>Here first, which counts at once for every process; then in the store, where it has such a switch.</summary>
    /// <returns>False when there is no such key.</returns>
    /// <exception cref="KeyStoreException">It is disabled here, and its store did not hear of it.</exception>
    public async Task<bool> DisableAsync(Actor actor, ManagedKeyId id, CancellationToken cancellationToken) =>
        await ChangeAsync(actor, id, AuditAction.KeyDisabled, row => row.Disable(clock.GetUtcNow()), cancellationToken) is { } key
        && await SetEnabledAsync(key, false, cancellationToken);

    /// <summary>In its store first.</summary>
    /// <returns>False when there is no such key.</returns>
    /// <exception cref="KeyStoreException">Its store does not answer; it is as it was.</exception>
    public async Task<bool> EnableAsync(Actor actor, ManagedKeyId id, CancellationToken cancellationToken)
    {
        ManagedKey? key;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            key = await Living(db, actor, id).SingleOrDefaultAsync(cancellationToken);
        }

        if (key is null)
        {
            return false;
        }

        await EnableInStoreAsync(key, cancellationToken);
        return await ChangeAsync(actor, id, AuditAction.KeyEnabled, row => row.Enable(), cancellationToken) is not null;
    }

    /// <summary>Its store gives it to whoever may have it.</summary>
    public bool MayLeave(ManagedKey key) => stores.Of(key.Store).Holding.Kind is KeyHoldingKind.Software or KeyHoldingKind.SoftwareSealedByOther;

    /// <summary>A copy for its owner: on record before it is there.</summary>
    /// <returns>PrivateKeyInfo, for the caller to zero; null for what does not leave, or is not theirs, or may not be used.</returns>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task<byte[]?> ExportAsync(Actor.Person actor, ManagedKey key, CancellationToken cancellationToken)
    {
        if (key.OwnerId != actor.Account || key.Purpose != KeyPurpose.OpenMessage || key.DisabledAt is not null || key.DestroyedAt is not null || actor.Permit is not null)
        {
            return null;
        }

        await using (var db = await database.WriteAsync(actor.Organisation, cancellationToken))
        {
            db.Record(new AuditEvent(actor, AuditAction.KeyExported, key.Id.Value, new Dictionary<string, string> { ["purpose"] = key.Purpose.ToString() }));
            await db.CommitAsync(cancellationToken);
        }

        return await stores.Of(key.Store).ExportAsync(key.Reference, cancellationToken);
    }

    /// <summary>In the key store first; doing it again does no harm.</summary>
    /// <exception cref="KeyStoreException">The store does not answer.</exception>
    public async Task DestroyAsync(Actor.Portal actor, ManagedKey key, CancellationToken cancellationToken)
    {
        await stores.Of(key.Store).DestroyAsync(key.Reference, cancellationToken);
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.ManagedKeys.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == key.Id, cancellationToken);
        row.Destroy(clock.GetUtcNow());
        db.Record(new AuditEvent(actor, AuditAction.KeyDestroyed, key.Id.Value, new Dictionary<string, string> { ["purpose"] = key.Purpose.ToString() }));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>On record and counted before the store is asked, in a commit of its own.</summary>
    public async Task RequestAsync(Actor actor, ManagedKeyId key, KeyTask task, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await db.ManagedKeys
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == key)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(one => one.LastUsedAt, (DateTimeOffset?)now)
                    .SetProperty(one => one.UsesThatDay, one => one.UsedOn == today ? one.UsesThatDay + 1 : 1)
                    .SetProperty(one => one.UsedOn, (DateOnly?)today),
                cancellationToken);
        db.Record(Event(actor, AuditAction.KeyUseRequested, key, task));
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>On record; and where the store has the key no more or may not use it, beside the key.</summary>
    public async Task FailedAsync(Actor actor, ManagedKeyId id, KeyTask task, KeyStoreException exception, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        if (exception.Failure is KeyStoreFailure.NotFound or KeyStoreFailure.Refused)
        {
            var words = exception.Message.Length > ManagedKey.LongestRefusal ? exception.Message[..ManagedKey.LongestRefusal] : exception.Message;
            await RefusedAsync(db, actor, id, clock.GetUtcNow(), words, cancellationToken);
        }

        db.Record(Event(actor, AuditAction.KeyUseFailed, id, task));
        await db.CommitAsync(cancellationToken);
    }

    public async Task WorksAgainAsync(Actor actor, ManagedKeyId id, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        await RefusedAsync(db, actor, id, null, null, cancellationToken);
        await db.CommitAsync(cancellationToken);
    }

    /// <summary>What a key unwrapped opened nothing. Too often within an hour, and it rests for an hour: it is never disabled by that.</summary>
    /// <returns>True when it rests from now on.</returns>
    public async Task<bool> CountFailureAsync(PortalDbContext db, OrganisationId organisation, ManagedKeyId key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var since = now - FailureWindow;
        var row = db.ManagedKeys.Where(one => one.OrganisationId == organisation && one.Id == key);
        await row.ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.FailedUnwraps, one => one.FailingSince > since ? one.FailedUnwraps + 1 : 1)
                .SetProperty(one => one.FailingSince, one => one.FailingSince > since ? one.FailingSince : now),
            cancellationToken);
        var rests = await row.Where(one => one.FailedUnwraps >= MostFailures).ExecuteUpdateAsync(
            set => set
                .SetProperty(one => one.RestsUntil, (DateTimeOffset?)(now + Rest))
                .SetProperty(one => one.FailedUnwraps, 0)
                .SetProperty(one => one.FailingSince, (DateTimeOffset?)null),
            cancellationToken) == 1;
        if (rests)
        {
            db.Record(new AuditEvent(new Actor.Portal(organisation, "key-broker"), AuditAction.KeyResting, key.Value));
        }

        return rests;
    }

    public async Task RecordAsync(Actor actor, AuditAction action, ManagedKeyId key, KeyTask task, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(Event(actor, action, key, task));
        await db.CommitAsync(cancellationToken);
    }

    internal static AuditEvent Event(Actor actor, AuditAction action, ManagedKeyId key, KeyTask task, int? uses = null)
    {
        var detail = new Dictionary<string, string> { ["purpose"] = task.Purpose().ToString(), ["task"] = task.ToString() };
        if (uses is { } count)
        {
            detail["uses"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new AuditEvent(actor, action, key.Value, detail);
    }

    internal static AuditEvent Replaced(Actor actor, ManagedKeyId key, KeyPurpose purpose, ManagedKeyId by) =>
        new(actor, AuditAction.KeyReplaced, key.Value, new Dictionary<string, string> { ["purpose"] = purpose.ToString(), ["by"] = by.ToString() });

    // A page that is still open after its session has ended signs nothing.
    private async Task<bool> IsHereAsync(Actor actor, CancellationToken cancellationToken) =>
        actor is not Actor.Person person || await sessions.FindAsync(person, seen: false, cancellationToken) is not null;

    private async Task<ManagedKey?> ChangeAsync(Actor actor, ManagedKeyId id, AuditAction action, Action<ManagedKey> change, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        if (await Living(db, actor, id).SingleOrDefaultAsync(cancellationToken) is not { } row)
        {
            return null;
        }

        change(row);
        db.Record(new AuditEvent(actor, action, id.Value, new Dictionary<string, string> { ["purpose"] = row.Purpose.ToString() }));
        await db.CommitAsync(cancellationToken);
        return row;
    }

    // One that lets nobody turn its switch has not let us turn it off either.
    private async Task EnableInStoreAsync(ManagedKey key, CancellationToken cancellationToken)
    {
        try
        {
            await SetEnabledAsync(key, true, cancellationToken);
        }
        catch (KeyStoreException exception) when (exception.Failure != KeyStoreFailure.Unavailable)
        {
            // Whether the key works, its next use says.
        }
    }

    private async Task<bool> SetEnabledAsync(ManagedKey key, bool enabled, CancellationToken cancellationToken)
    {
        _ = await stores.Of(key.Store).SetEnabledAsync(key.Reference, enabled, cancellationToken);
        return true;
    }

    private static IQueryable<ManagedKey> Living(PortalDbContext db, Actor actor, ManagedKeyId id) =>
        db.ManagedKeys.Where(one => one.OrganisationId == actor.Organisation && one.Id == id && one.DestroyedAt == null);

    private static Task<int> RefusedAsync(PortalDbContext db, Actor actor, ManagedKeyId id, DateTimeOffset? at, string? words, CancellationToken cancellationToken) => db.ManagedKeys
        .Where(one => one.OrganisationId == actor.Organisation && one.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.RefusedAt, at).SetProperty(one => one.Refusal, words), cancellationToken);
}
