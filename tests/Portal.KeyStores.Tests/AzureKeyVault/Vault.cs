using Portal.KeyStores.AzureKeyVault;
using Portal.Testing.KeyVault;

namespace Portal.KeyStores.Tests.AzureKeyVault;

/// <summary>One test server, reached by settings alone.</summary>
public sealed class Vault : IAsyncLifetime
{
    public KeyVaultServer Server { get; private set; } = null!;

    internal AzureKeyVaultOptions Options => new()
    {
        Url = new Uri(Server.Url),
        Credential = VaultCredential.TokenEndpoint,
        TokenEndpoint = new Uri(Server.TokenEndpoint),
        CertificateAuthorityFile = Server.CertificateAuthorityFile,
    };

    public async ValueTask InitializeAsync() => Server = await KeyVaultServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
