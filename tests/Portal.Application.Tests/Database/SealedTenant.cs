using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.KeyBroker;
using Portal.Application.Tests.Portals;
using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Database;

/// <summary>An organisation with a data key in a local key store, and a mailbox to seal for.</summary>
internal sealed class SealedTenant : IDisposable
{
    private readonly MasterKey _master;

    private SealedTenant(TestDatabase database, MasterKey master)
    {
        _master = master;
        var sessions = new LiveSessions(database.Database, Options.Create(new LiveSessionOptions()), TimeProvider.System);
        var store = new LocalKeyStore("local", new OnlyMasterKey(() => master), new SealedKeyStorage(database.Database), new UsedPairs().Next);
        Broker = new KeyBroker.KeyBroker(database.Database, new ConfiguredKeyStores([store], Options.Create(new KeyStoreOptions()), Unread.Figures, TimeProvider.System), sessions, TimeProvider.System);
        Keys = new DataKeys(database.Database, Broker, TimeProvider.System);
        Blobs = new SealedBlobs(database.Database, Keys, TimeProvider.System);
    }

    public KeyBroker.KeyBroker Broker { get; }

    public DataKeys Keys { get; }

    public SealedBlobs Blobs { get; }

    public OrganisationId Organisation { get; private set; }

    public MailboxId Mailbox { get; private set; }

    public static async Task<SealedTenant> NewAsync(TestDatabase database)
    {
        var master = MasterKey.FromSecret(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)));
        var tenant = new SealedTenant(database, master) { Organisation = await database.AddOrganisationAsync() };
        var actor = new Actor.Portal(tenant.Organisation, "test");
        var key = await tenant.Broker.CreateAsync(actor, null, KeyPurpose.UnwrapDataKey, KeyAlgorithm.Rsa2048, "local", CancellationToken.None);
        await using (var db = await database.Database.WriteAsync(tenant.Organisation, CancellationToken.None))
        {
            KeyBroker.KeyBroker.Add(db, actor, key);
            DataKeys.CreateForOrganisation(db, key);
            await db.CommitAsync(CancellationToken.None);
        }

        tenant.Mailbox = (await database.AddMailboxAsync(tenant.Organisation, "a@example.test")).Id;
        var mailboxKey = await tenant.Keys.CreateForMailboxAsync(tenant.Organisation, tenant.Mailbox, CancellationToken.None);
        await using (var db = await database.Database.WriteAsync(tenant.Organisation, CancellationToken.None))
        {
            db.MailboxDataKeys.Add(mailboxKey);
            await db.CommitAsync(CancellationToken.None);
        }

        return tenant;
    }

    public Task<StoredBlob> WriteAsync(byte[] content, long limit = long.MaxValue) =>
        Blobs.WriteAsync(Organisation, Mailbox, new MemoryStream(content), limit, CancellationToken.None);

    public async Task<byte[]> ReadAsync(BlobId id)
    {
        await using var stream = await Blobs.OpenAsync(Organisation, id, CancellationToken.None);
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    public void Dispose() => _master.Dispose();
}
