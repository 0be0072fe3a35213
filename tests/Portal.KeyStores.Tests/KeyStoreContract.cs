using System.Security.Cryptography;
using Portal.KeyStores.Local;
using Portal.KeyStores.Tests.Local;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests;

/// <summary>What every key store promises, whoever stands behind it. Each store's tests derive from this.</summary>
public abstract class KeyStoreContract
{
    private static readonly byte[] Message = "What is signed here is of no matter."u8.ToArray();

    private static readonly MasterKey OtherMasterKey = MasterKey.FromSecret(Convert.ToBase64String(new byte[MasterKey.Length]));

    protected abstract IKeyStore Store { get; }

    /// <summary>Whether it derives secrets with elliptic curves.</summary>
    protected virtual bool Agrees => true;

    /// <summary>Whether single keys can be turned off in it.</summary>
    protected virtual bool Switches => false;

    protected virtual bool Unwraps(KeyTransportScheme scheme) => true;

    public static TheoryData<KeyAlgorithm, SignatureScheme> RsaSchemes => new()
    {
        { KeyAlgorithm.Rsa2048, SignatureScheme.RsaPkcs1Sha256 },
        { KeyAlgorithm.Rsa2048, SignatureScheme.RsaPssSha384 },
        { KeyAlgorithm.Rsa3072, SignatureScheme.RsaPkcs1Sha384 },
        { KeyAlgorithm.Rsa3072, SignatureScheme.RsaPkcs1Sha512 },
        { KeyAlgorithm.Rsa3072, SignatureScheme.RsaPssSha256 },
        { KeyAlgorithm.Rsa3072, SignatureScheme.RsaPssSha512 },
    };

    public static TheoryData<KeyAlgorithm, SignatureScheme> EcdsaSchemes => new()
    {
        { KeyAlgorithm.P256, SignatureScheme.EcdsaSha256 },
        { KeyAlgorithm.P384, SignatureScheme.EcdsaSha384 },
        { KeyAlgorithm.P521, SignatureScheme.EcdsaSha512 },
    };

    public static TheoryData<KeyTransportScheme> KeyTransportSchemes => [.. Enum.GetValues<KeyTransportScheme>()];

    [Theory]
    [MemberData(nameof(RsaSchemes))]
    public async Task An_RSA_signature_verifies_with_the_created_public_key(KeyAlgorithm algorithm, SignatureScheme scheme)
    {
        var created = await CreateAsync(algorithm, KeyUse.Sign);
        var digest = CryptographicOperations.HashData(Schemes.Hash(scheme), Message);

        var signature = await Store.Open(created.Reference).SignDigestAsync(digest, scheme, default);

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.True(rsa.VerifyHash(digest, signature.Span, Schemes.Hash(scheme), Schemes.Padding(scheme)));
    }

    [Theory]
    [MemberData(nameof(EcdsaSchemes))]
    public async Task An_ECDSA_signature_is_r_and_s_of_fixed_length(KeyAlgorithm algorithm, SignatureScheme scheme)
    {
        var created = await CreateAsync(algorithm, KeyUse.Sign);
        var digest = CryptographicOperations.HashData(Schemes.Hash(scheme), Message);

        var signature = await Store.Open(created.Reference).SignDigestAsync(digest, scheme, default);

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.Equal(2 * ((ecdsa.KeySize + 7) / 8), signature.Length);
        Assert.True(ecdsa.VerifyHash(digest, signature.Span, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public async Task Many_are_signed_under_one_key_in_their_order()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var digests = Enumerable.Range(0, 20).Select(one => new ReadOnlyMemory<byte>(SHA256.HashData([(byte)one]))).ToList();

        var signatures = await Store.Open(created.Reference).SignDigestsAsync(digests, SignatureScheme.EcdsaSha256, default);

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.Equal(digests.Count, signatures.Count);
        Assert.All(digests.Zip(signatures), one => Assert.True(ecdsa.VerifyHash(one.First.Span, one.Second.Span, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        var other = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Decrypt);
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(other.Reference).SignDigestsAsync(digests, SignatureScheme.RsaPssSha256, default));
    }

    [Theory]
    [MemberData(nameof(KeyTransportSchemes))]
    public async Task What_was_wrapped_for_the_public_key_is_unwrapped(KeyTransportScheme scheme)
    {
        var created = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Decrypt);
        var contentKey = RandomNumberGenerator.GetBytes(32);
        if (!Unwraps(scheme))
        {
            await FailsAsync(KeyStoreFailure.NotSupported, () => Store.Open(created.Reference).UnwrapKeyAsync(Wrap(created, contentKey, scheme), scheme, default));
            return;
        }

        var unwrapped = await Store.Open(created.Reference).UnwrapKeyAsync(Wrap(created, contentKey, scheme), scheme, default);

        Assert.Equal(contentKey, unwrapped.ToArray());
    }

    [Theory]
    [MemberData(nameof(KeyTransportSchemes))]
    public async Task Bytes_that_do_not_unwrap_never_give_the_key_and_never_throw(KeyTransportScheme scheme)
    {
        Assert.SkipUnless(Unwraps(scheme), $"The store does not unwrap by {scheme}.");
        var created = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Decrypt);
        var contentKey = RandomNumberGenerator.GetBytes(32);
        var key = Store.Open(created.Reference);
        var wrapped = Wrap(created, contentKey, scheme);
        var changed = wrapped.ToArray();
        changed[100] ^= 1;

        foreach (var bytes in new[] { changed, wrapped[1..], [], new byte[256], new byte[4096] })
        {
            var unwrapped = await key.UnwrapKeyAsync(bytes, scheme, default);
            Assert.NotEqual(contentKey, unwrapped.ToArray());
            Assert.True(unwrapped.IsEmpty || scheme == KeyTransportScheme.RsaPkcs1);
        }
    }

    [Theory]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.P384)]
    [InlineData(KeyAlgorithm.P521)]
    public async Task Both_sides_derive_the_same_secret(KeyAlgorithm algorithm)
    {
        if (!Agrees)
        {
            await FailsAsync(KeyStoreFailure.NotSupported, () => CreateAsync(algorithm, KeyUse.Decrypt));
            return;
        }

        var created = await CreateAsync(algorithm, KeyUse.Decrypt);
        using var ours = ECDiffieHellman.Create();
        ours.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        using var peer = ECDiffieHellman.Create(ours.ExportParameters(false).Curve);
        using var publicKey = ours.PublicKey;

        var secret = await Store.Open(created.Reference).DeriveAsync(peer.ExportSubjectPublicKeyInfo(), default);

        Assert.Equal(peer.DeriveRawSecretAgreement(publicKey), secret.ToArray());
    }

    [Fact]
    public async Task A_peer_on_another_curve_or_none_is_refused()
    {
        Assert.SkipUnless(Agrees, "The store does not derive.");
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Decrypt);
        var key = Store.Open(created.Reference);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        using var same = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var offCurve = same.ExportSubjectPublicKeyInfo();
        offCurve[^1] ^= 1;

        await FailsAsync(KeyStoreFailure.Refused, () => key.DeriveAsync(other.ExportSubjectPublicKeyInfo(), default));
        await FailsAsync(KeyStoreFailure.Refused, () => key.DeriveAsync(offCurve, default));
        await FailsAsync(KeyStoreFailure.Refused, () => key.DeriveAsync(new byte[] { 0x30, 0x00 }, default));
    }

    [Fact]
    public async Task A_signing_key_neither_unwraps_nor_derives()
    {
        var rsa = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Sign);
        var curve = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        using var peer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

        await FailsAsync(
            KeyStoreFailure.Refused,
            () => Store.Open(rsa.Reference).UnwrapKeyAsync(Wrap(rsa, new byte[32], KeyTransportScheme.RsaPkcs1), KeyTransportScheme.RsaPkcs1, default));
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(curve.Reference).DeriveAsync(peer.ExportSubjectPublicKeyInfo(), default));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Rsa2048, SignatureScheme.RsaPkcs1Sha256)]
    [InlineData(KeyAlgorithm.P256, SignatureScheme.EcdsaSha256)]
    public async Task A_decryption_key_signs_nothing(KeyAlgorithm algorithm, SignatureScheme scheme)
    {
        Assert.SkipUnless(Agrees || algorithm == KeyAlgorithm.Rsa2048, "The store does not decrypt with curves.");
        var created = await CreateAsync(algorithm, KeyUse.Decrypt);

        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(created.Reference).SignDigestAsync(new byte[32], scheme, default));
    }

    [Fact]
    public async Task A_scheme_of_another_kind_of_key_or_a_digest_of_another_length_is_refused()
    {
        var rsa = await CreateAsync(KeyAlgorithm.Rsa2048, KeyUse.Sign);
        var curve = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);

        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(rsa.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(curve.Reference).SignDigestAsync(new byte[32], SignatureScheme.RsaPssSha256, default));
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(curve.Reference).SignDigestAsync(new byte[20], SignatureScheme.EcdsaSha256, default));
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(rsa.Reference).SignDigestAsync(new byte[48], SignatureScheme.RsaPkcs1Sha256, default));
    }

    [Fact]
    public async Task A_key_of_another_kind_does_not_sign_by_Ed25519()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);

        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(created.Reference).SignMessageAsync(Message, SignatureScheme.Ed25519, default));
        await FailsAsync(KeyStoreFailure.Refused, () => Store.Open(created.Reference).SignDigestAsync(new byte[64], SignatureScheme.Ed25519, default));
    }

    [Fact]
    public async Task A_destroyed_key_is_not_found()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var opened = Store.Open(created.Reference);
        await opened.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);

        await Store.DestroyAsync(created.Reference, default);

        await FailsAsync(KeyStoreFailure.NotFound, () => opened.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
    }

    [Fact]
    public async Task A_disabled_key_computes_nothing_where_the_store_has_such_a_switch()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var opened = Store.Open(created.Reference);

        var switched = await Store.SetEnabledAsync(created.Reference, enabled: false, default);

        Assert.Equal(Switches, switched);
        if (switched)
        {
            await FailsAsync(KeyStoreFailure.Refused, () => opened.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));
            await Store.SetEnabledAsync(created.Reference, enabled: true, default);
        }

        await opened.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
    }

    [Fact]
    public async Task A_key_in_it_wraps_the_master_key_of_a_local_store()
    {
        var storage = new MemoryKeyStorage();
        CreatedKey key;
        using (var masters = WrappedMasterKeys(storage))
        {
            key = await new LocalKeyStore("local", masters, storage).CreateAsync("k", KeyAlgorithm.P256, KeyUse.Sign, default);
        }

        using var restarted = WrappedMasterKeys(storage);
        var signature = await new LocalKeyStore("local", restarted, storage).Open(key.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
        Assert.True(ecdsa.VerifyHash(new byte[32], signature.Span));
    }

    [Fact]
    public async Task A_name_is_used_once()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);

        await Assert.ThrowsAsync<KeyStoreException>(() => Store.CreateAsync(created.Reference.Name, KeyAlgorithm.P256, KeyUse.Sign, default));

        var signature = await Store.Open(created.Reference).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.True(ecdsa.VerifyHash(new byte[32], signature.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("under_score")]
    [InlineData("sl/ash")]
    [InlineData("umläut")]
    public async Task A_name_outside_the_alphabet_is_a_mistake_of_the_caller(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(name, KeyAlgorithm.P256, KeyUse.Sign, default));

    [Fact]
    public async Task A_reference_carries_the_store_and_the_name()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);

        Assert.Equal(Store.Name, created.Reference.Store);
        Assert.StartsWith("contract-", created.Reference.Name, StringComparison.Ordinal);
        Assert.NotEmpty(created.Reference.Version);
        Assert.Equal(created.Reference, Store.Open(created.Reference).Reference);
    }

    [Fact]
    public async Task A_key_of_another_store_is_not_found() =>
        await FailsAsync(KeyStoreFailure.NotFound, async () =>
            await Store.Open(new KeyReference("elsewhere", "key", "1")).SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default));

    [Fact]
    public async Task One_key_serves_many_at_once()
    {
        var created = await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign);
        var key = Store.Open(created.Reference);

        var signatures = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ =>
            Task.Run(() => key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default))));

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        Assert.All(signatures, signature => Assert.True(ecdsa.VerifyHash(new byte[32], signature.Span)));
    }

    public static TheoryData<KeyAlgorithm> Imported => [KeyAlgorithm.Rsa2048, KeyAlgorithm.Rsa3072, KeyAlgorithm.P256, KeyAlgorithm.P384, KeyAlgorithm.P521];

    [Theory]
    [MemberData(nameof(Imported))]
    public async Task A_pair_that_was_made_elsewhere_signs_here(KeyAlgorithm algorithm)
    {
        using var pair = SoftwareKey.NewPair(algorithm);

        var imported = await Store.ImportAsync($"contract-{Guid.NewGuid():N}", pair.ExportPkcs8PrivateKey(), KeyUse.Sign, default);

        Assert.Equal(pair.ExportSubjectPublicKeyInfo(), imported.SubjectPublicKeyInfo.ToArray());
        var (scheme, digest) = pair is RSA ? (SignatureScheme.RsaPkcs1Sha256, new byte[32])
            : algorithm switch { KeyAlgorithm.P256 => (SignatureScheme.EcdsaSha256, new byte[32]), KeyAlgorithm.P384 => (SignatureScheme.EcdsaSha384, new byte[48]), _ => (SignatureScheme.EcdsaSha512, new byte[64]) };
        var signature = await Store.Open(imported.Reference).SignDigestAsync(digest, scheme, default);
        Assert.True(pair is RSA rsa
            ? rsa.VerifyHash(digest, signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ((ECDsa)pair).VerifyHash(digest, signature.Span));
        await FailsAsync(
            KeyStoreFailure.Refused, () => Store.Open(imported.Reference).UnwrapKeyAsync(new byte[256], KeyTransportScheme.RsaOaepSha256, default));
    }

    [Fact]
    public async Task A_pair_that_was_made_elsewhere_opens_what_was_wrapped_for_it()
    {
        using var pair = RSA.Create(2048);
        var imported = await Store.ImportAsync($"contract-{Guid.NewGuid():N}", pair.ExportPkcs8PrivateKey(), KeyUse.Decrypt, default);
        var contentKey = RandomNumberGenerator.GetBytes(32);

        var unwrapped = await Store.Open(imported.Reference).UnwrapKeyAsync(Wrap(imported, contentKey, KeyTransportScheme.RsaOaepSha256), KeyTransportScheme.RsaOaepSha256, default);

        Assert.Equal(contentKey, unwrapped.ToArray());
    }

    [Theory]
    [InlineData("RSA-1024")]
    [InlineData("a curve of others")]
    [InlineData("nothing")]
    public async Task What_no_store_holds_is_not_imported(string what)
    {
        using var weak = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        var pkcs8 = what switch { "RSA-1024" => weak.ExportPkcs8PrivateKey(), "nothing" => [0x30, 0x00], _ => other.ExportPkcs8PrivateKey() };

        await FailsAsync(KeyStoreFailure.NotSupported, () => Store.ImportAsync($"contract-{Guid.NewGuid():N}", pkcs8, KeyUse.Sign, default));
    }

    [Fact]
    public async Task What_is_there_is_listed_and_what_was_destroyed_is_not()
    {
        var created = new List<CreatedKey>();
        for (var count = 0; count < 30; count++)
        {
            created.Add(await CreateAsync(KeyAlgorithm.P256, KeyUse.Sign));
        }

        await Store.DestroyAsync(created[0].Reference, default);
        var names = new List<string>();
        await foreach (var name in Store.ListAsync(default))
        {
            names.Add(name);
        }

        Assert.DoesNotContain(created[0].Reference.Name, names);
        Assert.Equal(created.Skip(1).Select(one => one.Reference.Name).Order(), names.Intersect(created.Select(one => one.Reference.Name)).Order());
    }

    [Fact]
    public async Task A_store_that_answers_passes_its_check() => await Store.CheckAsync(default);

    protected static async Task FailsAsync(KeyStoreFailure failure, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<KeyStoreException>(call);
        Assert.Equal(failure, exception.Failure);
    }

    protected Task<CreatedKey> CreateAsync(KeyAlgorithm algorithm, KeyUse use) =>
        Store.CreateAsync($"contract-{Guid.NewGuid():N}", algorithm, use, default);

    private WrappedMasterKeys WrappedMasterKeys(MemoryKeyStorage storage) =>
        new(Store.Name, new OnlyMasterKey(() => OtherMasterKey), storage, _ => Store, TimeProvider.System);

    private static byte[] Wrap(CreatedKey created, byte[] contentKey, KeyTransportScheme scheme)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(created.SubjectPublicKeyInfo.Span, out _);
        return rsa.Encrypt(contentKey, Schemes.Padding(scheme));
    }
}
