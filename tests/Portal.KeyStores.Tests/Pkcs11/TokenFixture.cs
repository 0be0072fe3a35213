using Portal.KeyStores.Pkcs11;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>A token for one class of tests.</summary>
public sealed class TokenFixture : IAsyncLifetime
{
    public SoftHsmToken Token { get; private set; } = null!;

    internal Pkcs11Options Options => new() { Library = SoftHsmToken.Library, Token = Token.Label, Pin = SoftHsmToken.Pin, Sessions = 4 };

    internal static Pkcs11KeyStore Store(Pkcs11Options options, TimeProvider? clock = null) => new("hsm", options, RefusedPin.Of("hsm", Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))), clock ?? TimeProvider.System);

    internal Pkcs11KeyStore Store() => Store(Options);

    public async ValueTask InitializeAsync() => Token = await SoftHsmToken.TakeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
