using Microsoft.Extensions.Time.Testing;
using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>Tokens that are missing, or are pulled out while they are in use. To find one, the library begins anew, and others' sessions end.</summary>
[Collection(nameof(TokenAwayTests))]
[CollectionDefinition(nameof(TokenAwayTests), DisableParallelization = true)]
public sealed class TokenAwayTests(TokenFixture fixture) : IClassFixture<TokenFixture>
{
    [Fact]
    public async Task It_does_not_answer_while_it_is_away_and_is_found_again()
    {
        var clock = new FakeTimeProvider();
        using var store = TokenFixture.Store(fixture.Options, clock);
        var created = await store.CreateAsync("pulled", KeyAlgorithm.P256, KeyUse.Sign, default);
        var key = store.Open(created.Reference);
        await SignAsync(key);
        var (there, away) = (fixture.Token.FindDirectory(), Directory.CreateTempSubdirectory("portal-token-").FullName + "/token");

        Directory.Move(there, away);
        Assert.Equal(KeyStoreFailure.Unavailable, (await Assert.ThrowsAsync<KeyStoreException>(() => SignAsync(key))).Failure);
        Assert.Equal(KeyStoreFailure.Unavailable, (await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default))).Failure);

        Directory.Move(away, there);
        clock.Advance(TimeSpan.FromSeconds(6));
        await store.CheckAsync(default);
        await SignAsync(key);
    }

    [Theory]
    [InlineData("/nowhere/libpkcs11.so", null, "The library /nowhere/libpkcs11.so cannot be loaded")]
    [InlineData(null, "no such token", "There is no token no such token in any slot")]
    public async Task What_is_missing_is_named(string? library, string? label, string words)
    {
        using var store = TokenFixture.Store(new Pkcs11Options { Library = library ?? SoftHsmToken.Library, Token = label ?? fixture.Token.Label, Pin = SoftHsmToken.Pin });

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));

        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.StartsWith(words, exception.Message, StringComparison.Ordinal);
    }

    private static Task<ReadOnlyMemory<byte>> SignAsync(IPrivateKey key) => key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
}
