using Microsoft.Extensions.Time.Testing;
using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Local;

/// <summary>A new master key in the place of the old one, while processes that know only the old one go on.</summary>
public sealed class MasterKeyRotationTests : IDisposable
{
    private const string Old = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string New = "/wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-rotation-");
    private readonly MemoryKeyStorage _storage = new();
    private readonly MemoryKeyStorage _inVault = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<IDisposable> _owned = [];

    private string KeyPath => Path.Combine(_directory.FullName, "master.key");

    public void Dispose()
    {
        _owned.ForEach(one => one.Dispose());
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_that_runs_on_opens_what_another_has_sealed_under_a_new_file()
    {
        var (running, other) = (InFile(), InFile());
        var before = await CreateAsync(running);

        var fingerprint = await other.RenewMasterKeyAsync(default);
        var after = await CreateAsync(other);

        Assert.Equal(fingerprint, _storage.Rows[after].MasterKey);
        Assert.NotEqual(fingerprint, _storage.Rows[before].MasterKey);
        await WorksAsync(running, before, after);
        await WorksAsync(other, before, after);
        Assert.Equal(fingerprint, _storage.Rows[await CreateAsync(running)].MasterKey);
    }

    [Fact]
    public async Task After_resealing_the_former_file_is_not_needed()
    {
        var store = InFile();
        var keys = new[] { await CreateAsync(store), await CreateAsync(store) };
        await store.RenewMasterKeyAsync(default);

        Assert.Equal(2, (await store.ResealAsync(null, default)).Keys);
        Assert.Equal(0, (await store.ResealAsync(null, default)).Keys);

        foreach (var former in _directory.GetFiles("*.older-*"))
        {
            former.Delete();
        }

        await WorksAsync(InFile(), keys);
    }

    [Fact]
    public async Task Resealing_that_ended_half_way_goes_on()
    {
        var store = InFile();
        var keys = new[] { await CreateAsync(store), await CreateAsync(store), await CreateAsync(store) };
        await store.RenewMasterKeyAsync(default);
        using var end = new CancellationTokenSource();
        _storage.Replaced = end.Cancel;

        await Assert.ThrowsAsync<OperationCanceledException>(() => store.ResealAsync(null, end.Token));
        _storage.Replaced = () => { };
        await WorksAsync(InFile(), keys);

        Assert.Equal(2, (await InFile().ResealAsync(null, default)).Keys);
        await WorksAsync(InFile(), keys);
    }

    [Fact]
    public async Task A_file_is_renewed_for_its_owner_only_and_the_former_one_is_beside_it()
    {
        var store = InFile();
        await CreateAsync(store);
        var former = await File.ReadAllBytesAsync(KeyPath);

        await store.RenewMasterKeyAsync(default);

        Assert.NotEqual(former, await File.ReadAllBytesAsync(KeyPath));
        var beside = Assert.Single(_directory.GetFiles("*.older-*"));
        Assert.Equal(former, await File.ReadAllBytesAsync(beside.FullName));
        Assert.Equal(["master.key", "master.key.lock", beside.Name], _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.All(_directory.GetFiles().Where(file => file.Length > 0), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public async Task However_many_renew_at_once_no_key_is_lost()
    {
        var keys = new System.Collections.Concurrent.ConcurrentBag<KeyReference> { await CreateAsync(InFile()) };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var store = InFile();
            await store.RenewMasterKeyAsync(default);
            keys.Add(await CreateAsync(store));
            await store.ResealAsync(null, default);
        })));

        await WorksAsync(InFile(), [.. keys]);
        Assert.Equal(8, _directory.GetFiles("*.older-*").Length);
    }

    [Fact]
    public async Task Renewed_by_another_process_while_keys_are_sealed_anew_all_end_under_the_newest()
    {
        var store = InFile();
        await CreateAsync(store);
        await CreateAsync(store);
        await store.RenewMasterKeyAsync(default);
        var newest = string.Empty;
        _storage.Replaced = () =>
        {
            if (newest.Length == 0)
            {
                newest = "being made";
                newest = InFile().RenewMasterKeyAsync(default).GetAwaiter().GetResult();
            }
        };

        var resealed = await store.ResealAsync(null, default);

        Assert.Equal((4, newest), (resealed.Keys, resealed.MasterKey));
        Assert.All(_storage.Rows.Values, row => Assert.Equal(newest, row.MasterKey));
    }

    [Fact]
    public async Task A_key_that_is_made_while_the_master_key_is_renewed_ends_under_the_newest()
    {
        await CreateAsync(InFile());
        var newest = string.Empty;
        _storage.Writing = async () =>
        {
            newest = await InFile().RenewMasterKeyAsync(default);
            await InFile().ResealAsync(null, default);
        };

        var key = await CreateAsync(InFile());

        Assert.All(_storage.Rows.Values, row => Assert.Equal(newest, row.MasterKey));
        await WorksAsync(InFile(), key);
    }

    [Fact]
    public async Task The_check_finds_a_master_key_that_cannot_be_had()
    {
        var vault = Vault();
        await CreateAsync(SealedBy(vault));
        await SealedBy(vault).CheckAsync(default);
        _inVault.Rows.Clear();

        await Assert.ThrowsAsync<KeyStoreException>(() => SealedBy(vault).CheckAsync(default));
    }

    [Fact]
    public async Task A_setting_takes_a_new_key_and_the_former_one_as_an_older_one()
    {
        var key = await CreateAsync(InSetting(Old));

        var refusal = await Assert.ThrowsAsync<KeyStoreException>(() => InSetting(Old).RenewMasterKeyAsync(default));
        Assert.Contains("OlderMasterKeys", refusal.Message, StringComparison.Ordinal);

        var rotated = InSetting(New, Old);
        await WorksAsync(rotated, key);
        Assert.Equal(1, (await rotated.ResealAsync(null, default)).Keys);
        await WorksAsync(InSetting(New), key);
    }

    [Fact]
    public async Task A_master_key_that_is_not_here_is_named()
    {
        var key = await CreateAsync(InSetting(Old));

        var failure = await Assert.ThrowsAsync<KeyStoreException>(() => SignAsync(InSetting(New), key));

        Assert.Equal(KeyStoreFailure.Unavailable, failure.Failure);
        Assert.Contains(_storage.Rows[key].MasterKey, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_store_can_take_the_master_key_over_and_give_it_back()
    {
        var vault = Vault();
        var before = await CreateAsync(InFile());

        var wrapped = SealedBy(vault);
        var after = await CreateAsync(wrapped);
        await WorksAsync(wrapped, before, after);
        Assert.Equal(1, (await wrapped.ResealAsync(null, default)).Keys);
        File.Delete(KeyPath);
        await WorksAsync(SealedBy(vault), before, after);

        var back = new LocalKeyStore("local", Wrapped(vault, sealedBy: null), _storage);
        Assert.Equal(2, (await back.ResealAsync(null, default)).Keys);
        await WorksAsync(InFile(), before, after);
    }

    [Fact]
    public async Task A_wrapped_master_key_is_renewed_and_asked_for_once_in_a_process()
    {
        var vault = Vault();
        var first = await CreateAsync(SealedBy(vault));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SealedBy(vault).RenewMasterKeyAsync(default);
        var running = SealedBy(vault);
        var asked = _inVault.Reads;

        await WorksAsync(running, first, await CreateAsync(running), await CreateAsync(running));

        Assert.Equal(2, _inVault.Reads - asked);
        Assert.Equal(2, _storage.MasterKeys.Count);
    }

    [Fact]
    public async Task A_wrapped_master_key_that_does_not_unwrap_makes_keys_unavailable()
    {
        var vault = Vault();
        var key = await CreateAsync(SealedBy(vault));
        Assert.True(_storage.MasterKeys.TryTake(out var wrapped));
        _storage.MasterKeys.Add(wrapped with { Wrapped = wrapped.Wrapped.ToArray().Reverse().ToArray() });

        var failure = await Assert.ThrowsAsync<KeyStoreException>(() => SignAsync(SealedBy(vault), key));

        Assert.Equal(KeyStoreFailure.Unavailable, failure.Failure);
        Assert.Contains("does not unwrap the master key", failure.Message, StringComparison.Ordinal);
    }

    private LocalKeyStore InFile() => new("local", Files(), _storage);

    private ConfiguredMasterKeys Files() => Own(new ConfiguredMasterKeys(null, [], KeyPath));

    private LocalKeyStore InSetting(string secret, params string[] older) => new("local", Own(new ConfiguredMasterKeys(secret, older, KeyPath)), _storage);

    // Another store, whichever: the contract seals by each.
    private LocalKeyStore Vault() => new("vault", new OnlyMasterKey(() => Own(MasterKey.FromSecret(New))), _inVault);

    private LocalKeyStore SealedBy(LocalKeyStore vault) => new("local", Wrapped(vault, vault.Name), _storage);

    private WrappedMasterKeys Wrapped(LocalKeyStore vault, string? sealedBy) => Own(new WrappedMasterKeys(sealedBy, Files(), _storage, _ => vault, _clock));

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    private static async Task<KeyReference> CreateAsync(LocalKeyStore store) =>
        (await store.CreateAsync($"k-{Guid.NewGuid():N}", KeyAlgorithm.P256, KeyUse.Sign, default)).Reference;

    private static async Task WorksAsync(LocalKeyStore store, params KeyReference[] keys)
    {
        foreach (var key in keys)
        {
            Assert.Equal(64, (await SignAsync(store, key)).Length);
        }
    }

    private static Task<ReadOnlyMemory<byte>> SignAsync(LocalKeyStore store, KeyReference key) =>
        store.Open(key).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
}
