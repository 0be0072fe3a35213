using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

public abstract record KeyReplaced
{
    /// <param name="By">The new key, in the store that the organisation has chosen for its kind.</param>
    public sealed record Done(ManagedKeyId By) : KeyReplaced;

    /// <summary>There is no such key, or another has its place already, or it cannot be replaced here.</summary>
    public sealed record NotReplaceable : KeyReplaced;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : KeyReplaced;
}

/// <summary>A new key under a new name in the place of an old one, which stays for what was meant for it. No body is touched.</summary>
public sealed class KeyReplacing
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly CertificateAuthority _authority;
    private readonly DataKeys _dataKeys;

    private readonly LiveSessions _sessions;

    internal KeyReplacing(PortalDatabase database, KeyBroker.KeyBroker broker, CertificateAuthority authority, DataKeys dataKeys, LiveSessions sessions) =>
        (_database, _broker, _authority, _dataKeys, _sessions) = (database, broker, authority, dataKeys, sessions);

    public async Task<KeyReplaced> ReplaceAsync(Actor actor, ManagedKeyId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        ManagedKey? key;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            key = await Replaceable(db, actor.Organisation).SingleOrDefaultAsync(one => one.Id == id, cancellationToken);
        }

        return key is null ? new KeyReplaced.NotReplaceable() : await ReplaceAsync(actor, key, cancellationToken);
    }

    /// <summary>By whose it is.</summary>
    internal Task<KeyReplaced> ReplaceOwnAsync(Actor.Person actor, ManagedKey key, CancellationToken cancellationToken) =>
        key.OwnerId == actor.Account ? ReplaceAsync(actor, key, cancellationToken) : throw new UnauthorizedAccessException("Somebody else's key.");

    private async Task<KeyReplaced> ReplaceAsync(Actor actor, ManagedKey key, CancellationToken cancellationToken)
    {
        try
        {
            return key.Purpose == KeyPurpose.UnwrapDataKey ? await WrapAnewAsync(actor, key, cancellationToken) : await IssueAnewAsync(actor, key, cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            return new KeyReplaced.StoreAway(exception.Message);
        }
    }

    /// <summary>Those that are in another store than the organisation has chosen, and can be replaced.</summary>
    public async Task<IReadOnlyList<ManagedKeyId>> ElsewhereAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var stores = (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).KeyStores;
        var keys = await Replaceable(db, actor.Organisation).OrderBy(one => one.OwnerId).ThenBy(one => one.CreatedAt).ToListAsync(cancellationToken);
        return keys.Where(one => one.Store != stores.Of(one.Purpose)).Select(one => one.Id).ToList();
    }

    private static IQueryable<ManagedKey> Replaceable(PortalDbContext db, OrganisationId organisation) => db.ManagedKeys
        .Where(one => one.OrganisationId == organisation && one.DestroyedAt == null && one.ReplacedAt == null)
        .Where(one => !db.Certificates.Any(certificate => certificate.KeyId == one.Id && certificate.State == CertificateState.Requested))
        .Where(one => one.Purpose == KeyPurpose.SignMessage || one.Purpose == KeyPurpose.OpenMessage || one.Purpose == KeyPurpose.UnwrapDataKey);

    private async Task<KeyReplaced> IssueAnewAsync(Actor actor, ManagedKey key, CancellationToken cancellationToken)
    {
        string? holder;
        string address;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            holder = await db.Accounts
                .Where(one => one.OrganisationId == actor.Organisation && one.Id == key.OwnerId && !one.Disabled)
                .Select(one => one.DisplayName)
                .SingleOrDefaultAsync(cancellationToken);
            address = await KeyObstacles.Naming(db, key).OrderByDescending(one => one.CreatedAt).Select(one => one.Address).FirstOrDefaultAsync(cancellationToken) ?? string.Empty;
        }

        if (holder is null || !AddrSpec.TryParse(address, out var addrSpec))
        {
            return new KeyReplaced.NotReplaceable();
        }

        var kind = key.Purpose == KeyPurpose.SignMessage ? CertificateKind.Signing : CertificateKind.Encryption;
        var certificate = await _authority.IssueAsync(actor, key.OwnerId!.Value, holder, addrSpec, kind, cancellationToken);
        await using var read = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var by = await read.Certificates.Where(one => one.OrganisationId == actor.Organisation && one.Id == certificate).Select(one => one.KeyId).SingleAsync(cancellationToken);
        return new KeyReplaced.Done(by!.Value);
    }

    private async Task<KeyReplaced> WrapAnewAsync(Actor actor, ManagedKey key, CancellationToken cancellationToken)
    {
        string store;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            store = (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).KeyStores.Of(key.Purpose);
        }

        var by = await _broker.CreateAsync(actor, null, key.Purpose, KeyAlgorithm.Rsa3072, store, cancellationToken);
        var wrapped = await _dataKeys.WrapForAsync(by, cancellationToken);
        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        KeyBroker.KeyBroker.Add(write, actor, by);
        var row = await write.OrganisationDataKeys.SingleAsync(one => one.OrganisationId == actor.Organisation, cancellationToken);
        if (row.WrappingKeyId != key.Id)
        {
            await _broker.DiscardAsync(by, cancellationToken);
            return new KeyReplaced.NotReplaceable();
        }

        row.Wrap(by.Id, wrapped);
        (await write.ManagedKeys.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == key.Id, cancellationToken)).Replace(by.CreatedAt);
        write.Record(KeyBroker.KeyBroker.Replaced(actor, key.Id, key.Purpose, by.Id));
        await write.CommitAsync(cancellationToken);
        return new KeyReplaced.Done(by.Id);
    }
}
