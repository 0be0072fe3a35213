using Portal.KeyStores.AzureKeyVault;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Tests.AzureKeyVault;

public sealed class AzureKeyVaultKeyStoreTests(Vault vault) : KeyStoreContract, IClassFixture<Vault>, IDisposable
{
    private readonly AzureKeyVaultKeyStore _store = new("vault", vault.Options, TimeProvider.System);

    protected override IKeyStore Store => _store;

    protected override bool Agrees => false;

    protected override bool Switches => true;

    protected override bool Unwraps(KeyTransportScheme scheme) => scheme is not (KeyTransportScheme.RsaOaepSha384 or KeyTransportScheme.RsaOaepSha512);

    public void Dispose() => _store.Dispose();
}
