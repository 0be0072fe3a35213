using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>A token counts wrong PINs, and locks itself for good.</summary>
public sealed class TokenPinTests(TokenFixture fixture) : IClassFixture<TokenFixture>
{
    [Fact]
    public async Task A_wrong_pin_is_not_tried_again()
    {
        using var store = new Pkcs11KeyStore("hsm", new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, Pin = "222222" });
        await RefusedAsync(store);

        // Whoever tries again now, gets in.
        await fixture.Token.SetPinAsync("222222");
        await RefusedAsync(store);
        await fixture.Token.SetPinAsync(SoftHsmToken.Pin);
    }

    [Fact]
    public async Task The_pin_may_stand_in_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"{SoftHsmToken.Pin}\n");
        using var store = new Pkcs11KeyStore("hsm", new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, PinFile = file });

        await store.CheckAsync(default);
        File.Delete(file);
    }

    [Fact]
    public async Task Without_a_pin_nothing_is_tried()
    {
        using var store = new Pkcs11KeyStore("hsm", new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label });

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));

        Assert.Contains("has no PIN set", exception.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(Pkcs11KeyStore store)
    {
        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));
        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Contains("does not take the PIN", exception.Message, StringComparison.Ordinal);
    }
}
