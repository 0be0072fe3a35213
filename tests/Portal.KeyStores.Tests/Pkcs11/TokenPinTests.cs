using Portal.KeyStores.Pkcs11;
using Portal.Smime.Keys;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>A token counts wrong PINs, and locks itself for good.</summary>
public sealed class TokenPinTests(TokenFixture fixture) : IClassFixture<TokenFixture>, IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-pin-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_wrong_pin_is_not_tried_again()
    {
        using var store = Store(new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, Pin = "222222" });
        await RefusedAsync(store, "does not take the PIN");

        // Whoever tries again now, gets in.
        await fixture.Token.SetPinAsync("222222");
        await RefusedAsync(store, "does not take the PIN");
        await fixture.Token.SetPinAsync(SoftHsmToken.Pin);
    }

    [Fact]
    public async Task Nor_is_it_by_the_next_process()
    {
        using (var store = Store(new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, Pin = "222222" }))
        {
            await RefusedAsync(store, "does not take the PIN");
        }

        // It would get in now.
        using (var store = Store(fixture.Options))
        {
            await RefusedAsync(store, Path.Combine(_directory.FullName, "pin-refused-hsm"));
        }

        File.Delete(Path.Combine(_directory.FullName, "pin-refused-hsm"));
        using var mended = Store(fixture.Options);
        await mended.CheckAsync(default);
    }

    [Fact]
    public async Task Another_pin_in_the_file_is_tried()
    {
        var pin = Path.Combine(_directory.FullName, "pin");
        await File.WriteAllTextAsync(pin, "222222");
        File.SetLastWriteTimeUtc(pin, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1));
        var options = new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, PinFile = pin };
        using (var store = Store(options))
        {
            await RefusedAsync(store, "does not take the PIN");
        }

        using (var store = Store(options))
        {
            await RefusedAsync(store, "is not asked again");
        }

        await File.WriteAllTextAsync(pin, SoftHsmToken.Pin);
        File.SetLastWriteTimeUtc(pin, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        using var mended = Store(options);
        await mended.CheckAsync(default);
        Assert.False(File.Exists(Path.Combine(_directory.FullName, "pin-refused-hsm")));
    }

    [Fact]
    public async Task The_pin_may_stand_in_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"{SoftHsmToken.Pin}\n");
        using var store = Store(new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label, PinFile = file });

        await store.CheckAsync(default);
        File.Delete(file);
    }

    [Fact]
    public async Task Without_a_pin_nothing_is_tried()
    {
        using var store = Store(new Pkcs11Options { Library = SoftHsmToken.Library, Token = fixture.Token.Label });

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));

        Assert.Contains("has no PIN set", exception.Message, StringComparison.Ordinal);
    }

    private Pkcs11KeyStore Store(Pkcs11Options options) => new("hsm", options, RefusedPin.Of("hsm", _directory.FullName), TimeProvider.System);

    private static async Task RefusedAsync(Pkcs11KeyStore store, string words)
    {
        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));
        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }
}
