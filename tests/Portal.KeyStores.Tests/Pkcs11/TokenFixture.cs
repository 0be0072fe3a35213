using Portal.KeyStores.Pkcs11;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>A token for one class of tests.</summary>
public sealed class TokenFixture : IAsyncLifetime
{
    public SoftHsmToken Token { get; private set; } = null!;

    internal Pkcs11Options Options => new() { Library = SoftHsmToken.Library, Token = Token.Label, Pin = SoftHsmToken.Pin, Sessions = 4 };

    public async ValueTask InitializeAsync() => Token = await SoftHsmToken.TakeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
