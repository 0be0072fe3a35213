using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

internal abstract record KeyGrant
{
    /// <summary>A key that accounts for each use before it is made.</summary>
    public sealed record Granted(BrokeredKey Key) : KeyGrant;

    public sealed record Denied : KeyGrant;
}

/// <summary>The only caller of private keys: who may use which key for what, and the record of it.</summary>
internal sealed class KeyBroker(
    PortalDatabase database, ConfiguredKeyStores stores, LiveSessions sessions, TimeProvider clock)
{
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
        var created = await stores.Of(store).CreateAsync($"k-{id}", algorithm, UseFor(purpose), cancellationToken);
        return new ManagedKey(id, actor.Organisation, owner, purpose, algorithm, created, clock.GetUtcNow());
    }

    public static void Add(PortalDbContext db, Actor actor, ManagedKey key)
    {
        db.ManagedKeys.Add(key);
        db.Record(new AuditEvent(actor, AuditAction.KeyCreated, key.Id.Value, new Dictionary<string, string> { ["purpose"] = key.Purpose.ToString() }));
    }

    public async Task<KeyGrant> GrantAsync(Actor actor, ManagedKeyId id, KeyTask task, CancellationToken cancellationToken)
    {
        ManagedKey? key;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            key = await db.ManagedKeys.SingleOrDefaultAsync(one => one.Id == id && one.OrganisationId == actor.Organisation, cancellationToken);
        }

        if (key is null || key.DestroyedAt is not null || key.Purpose != task.Purpose() || !MayUse(actor, key) || !await IsHereAsync(actor, cancellationToken))
        {
            await RecordAsync(actor, AuditAction.KeyUseDenied, id, task, cancellationToken);
            return new KeyGrant.Denied();
        }

        return new KeyGrant.Granted(new BrokeredKey(this, actor, key, task, stores.Of(key.Store).Open(key.Reference)));
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

    public async Task RecordAsync(Actor actor, AuditAction action, ManagedKeyId key, KeyTask task, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        db.Record(Event(actor, action, key, task));
        await db.CommitAsync(cancellationToken);
    }

    internal static AuditEvent Event(Actor actor, AuditAction action, ManagedKeyId key, KeyTask task) =>
        new(actor, action, key.Value, new Dictionary<string, string> { ["purpose"] = task.Purpose().ToString(), ["task"] = task.ToString() });

    // A page that is still open after its session has ended signs nothing.
    private async Task<bool> IsHereAsync(Actor actor, CancellationToken cancellationToken) =>
        actor is not Actor.Person person || await sessions.FindAsync(person, seen: false, cancellationToken) is not null;

    // Nobody signs in another's name; the portal opens what arrived for a person, and uses the organisation's own keys.
    private static bool MayUse(Actor actor, ManagedKey key) => (actor, key.Purpose) switch
    {
        (Actor.Person person, KeyPurpose.SignMessage) => key.OwnerId == person.Account,
        (Actor.Person { Permit: null } person, KeyPurpose.OpenMessage) => key.OwnerId == person.Account,
        (Actor.Portal, KeyPurpose.OpenMessage) => true,
        (Actor.Portal, KeyPurpose.UnwrapDataKey or KeyPurpose.CertificateAuthority or KeyPurpose.SignForDomain) => key.OwnerId is null,
        _ => false,
    };

    private static KeyUse UseFor(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.SignMessage or KeyPurpose.CertificateAuthority or KeyPurpose.SignForDomain => KeyUse.Sign,
        KeyPurpose.OpenMessage or KeyPurpose.UnwrapDataKey => KeyUse.Decrypt,
    };
}
