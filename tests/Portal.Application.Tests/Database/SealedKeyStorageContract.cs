using Microsoft.Extensions.Options;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Database;

public abstract class SealedKeyStorageContract : DatabaseTest
{
    private static readonly KeyReference Key = new("local", "k-1", "1");

    private SealedKeyStorage Storage => new(Db.Database);

    private static SealedKey Sealed(string masterKey, params byte[] bytes) => new(masterKey, bytes);

    [Fact]
    public async Task A_sealed_key_is_kept_read_and_deleted()
    {
        await Storage.WriteAsync(Key, Sealed("one", 1, 2, 3), CancellationToken.None);
        var read = (await Storage.ReadAsync(Key, CancellationToken.None))!;
        Assert.Equal("one", read.MasterKey);
        Assert.Equal([1, 2, 3], read.Bytes.ToArray());

        await Storage.DeleteAsync(Key, CancellationToken.None);

        Assert.Null(await Storage.ReadAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task A_second_key_of_the_same_name_is_refused_as_key_stores_refuse()
    {
        await Storage.WriteAsync(Key, Sealed("one", 1), CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<KeyStoreException>(() => Storage.WriteAsync(Key, Sealed("one", 2), CancellationToken.None));

        Assert.Equal(KeyStoreFailure.Refused, refusal.Failure);
        Assert.Equal([1], (await Storage.ReadAsync(Key, CancellationToken.None))!.Bytes.ToArray());
    }

    [Fact]
    public async Task Only_what_is_known_is_replaced()
    {
        await Storage.WriteAsync(Key, Sealed("one", 1), CancellationToken.None);

        Assert.False(await Storage.ReplaceAsync(Key, Sealed("one", 9), Sealed("two", 2), CancellationToken.None));
        Assert.True(await Storage.ReplaceAsync(Key, Sealed("one", 1), Sealed("two", 2), CancellationToken.None));

        Assert.Equal([2], (await Storage.ReadAsync(Key, CancellationToken.None))!.Bytes.ToArray());
    }

    [Fact]
    public async Task What_is_destroyed_while_it_is_sealed_anew_is_gone()
    {
        for (var round = 0; round < 100; round++)
        {
            var key = new KeyReference("local", $"race-{round}", "1");
            await Storage.WriteAsync(key, Sealed("one", 1), CancellationToken.None);
            await Task.WhenAll(
                Task.Run(() => Storage.ReplaceAsync(key, Sealed("one", 1), Sealed("two", 2), CancellationToken.None)),
                Task.Run(() => Storage.DeleteAsync(key, CancellationToken.None)));
            Assert.Null(await Storage.ReadAsync(key, CancellationToken.None));
        }
    }

    [Fact]
    public async Task One_store_s_keys_are_listed_but_for_those_under_one_master_key()
    {
        var (second, strange) = (new KeyReference("local", "k-2", "1"), new KeyReference("other", "k-1", "1"));
        await Storage.WriteAsync(Key, Sealed("one", 1), CancellationToken.None);
        await Storage.WriteAsync(second, Sealed("two", 1), CancellationToken.None);
        await Storage.WriteAsync(strange, Sealed("one", 1), CancellationToken.None);

        Assert.Equal([Key, second], (await Storage.ListAsync("local", null, CancellationToken.None)).OrderBy(one => one.Name));
        Assert.Equal([Key], await Storage.ListAsync("local", "two", CancellationToken.None));
    }

    [Fact]
    public async Task The_newest_master_key_comes_first()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        foreach (var (fingerprint, age) in new[] { ("old", 2), ("new", 0), ("middle", 1) })
        {
            await Storage.WriteMasterKeyAsync(new WrappedMasterKey(fingerprint, Key, new byte[] { 1 }, now.AddDays(-age)), CancellationToken.None);
        }

        var keys = await Storage.ListMasterKeysAsync(CancellationToken.None);

        Assert.Equal(["new", "middle", "old"], keys.Select(one => one.Fingerprint));
        Assert.Equal((Key, now), (keys[0].WrappedBy, keys[0].CreatedAt));
    }

    [Fact]
    public async Task The_system_key_is_made_once_however_many_nodes_start()
    {
        using var master = KeyStores.Local.MasterKey.FromSecret(Convert.ToBase64String(new byte[32]));
        var nodes = Enumerable.Range(0, 3)
            .Select(_ => new SystemKey(
                Db.Database, new ConfiguredKeyStores([new KeyStores.Local.LocalKeyStore("local", master, Storage)], Options.Create(new KeyStoreOptions()), Unread.Figures, TimeProvider.System), TimeProvider.System))
            .ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.PrepareAsync(CancellationToken.None))));

        Assert.Equal([7], nodes[1].Open(nodes[0].Seal([7])));
        Assert.Equal([8], nodes[2].Open(nodes[1].Seal([8])));
    }
}

public sealed class PostgresSealedKeyStorageTests(PostgresFixture postgres) : SealedKeyStorageContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    [Fact]
    public async Task A_database_that_does_not_answer_is_a_key_store_that_does_not()
    {
        await using var services = TestDatabase.Services(new Dictionary<string, string?>
        {
            ["Portal:Database:Provider"] = "Postgres",
            ["Portal:Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Username=portal;Database=portal",
        });
        var storage = new SealedKeyStorage(new PortalDatabase((IPortalDbContexts)services.GetService(typeof(IPortalDbContexts))!));

        var failure = await Assert.ThrowsAsync<KeyStoreException>(() => storage.ReadAsync(new KeyReference("local", "k", "1"), CancellationToken.None));

        Assert.Equal(KeyStoreFailure.Unavailable, failure.Failure);
    }
}

public sealed class SqliteSealedKeyStorageTests(SqliteFixture sqlite) : SealedKeyStorageContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
