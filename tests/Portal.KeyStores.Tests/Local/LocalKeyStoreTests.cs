using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Portal.KeyStores.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.Local;

public sealed class LocalKeyStoreTests : KeyStoreContract, IDisposable
{
    private const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly MasterKey _master = MasterKey.FromSecret(Secret);
    private readonly MemoryKeyStorage _storage = new();
    private readonly LocalKeyStore _store;

    public LocalKeyStoreTests() => _store = new LocalKeyStore("local", _master, _storage);

    protected override IKeyStore Store => _store;

    [Fact]
    public async Task Another_master_key_opens_nothing()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        using var other = MasterKey.FromSecret(Convert.ToBase64String(new byte[MasterKey.Length]));
        var stranger = new LocalKeyStore("local", other, _storage);

        await FailsAsync(
            KeyStoreFailure.Unavailable,
            () => stranger.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
    }

    [Fact]
    public async Task The_same_master_key_opens_it_after_a_restart()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        using var again = MasterKey.FromSecret(Secret);
        var restarted = new LocalKeyStore("local", again, _storage);

        var signature = await restarted.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.True(ecdsa.VerifyHash(new byte[32], signature.Span));
    }

    [Fact]
    public async Task Every_changed_byte_of_a_sealed_key_makes_it_unusable()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var row = Bytes(created);
        for (var index = 0; index < row.Length; index++)
        {
            row[index] ^= 1;
            await FailsAsync(
                KeyStoreFailure.Unavailable,
                () => _store.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
            row[index] ^= 1;
        }

        await _store.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
    }

    [Fact]
    public async Task A_truncated_row_makes_the_key_unusable()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var row = Bytes(created);
        for (var length = 0; length < row.Length; length++)
        {
            _storage.Rows[created.Reference] = new SealedKey(_master.Fingerprint, row.AsMemory(0, length));
            await FailsAsync(
                KeyStoreFailure.Unavailable,
                () => _store.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
        }
    }

    [Fact]
    public async Task A_sealed_key_moved_to_another_name_is_unusable()
    {
        var mine = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var theirs = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        _storage.Rows[mine.Reference] = _storage.Rows[theirs.Reference];

        await FailsAsync(
            KeyStoreFailure.Unavailable,
            () => _store.Open(mine.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
    }

    [Fact]
    public async Task What_is_stored_shows_nothing_of_the_key()
    {
        var created = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Sign);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);

        // PKCS#8 carries the modulus, so a key in the clear would show it.
        var modulus = rsa.ExportParameters(false).Modulus!;
        Assert.Equal(-1, Bytes(created).AsSpan().IndexOf(modulus.AsSpan(0, 16)));
    }

    public void Dispose() => _master.Dispose();

    // The stored ones themselves.
    private byte[] Bytes(CreatedKey created) =>
        MemoryMarshal.TryGetArray(_storage.Rows[created.Reference].Bytes, out var bytes) ? bytes.Array! : throw new InvalidOperationException("The row is no array.");
}
