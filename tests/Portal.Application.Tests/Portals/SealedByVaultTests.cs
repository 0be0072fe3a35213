using Portal.Application.KeyBroker;
using Portal.Application.Tests.Database;
using Portal.Testing.KeyVault;

namespace Portal.Application.Tests.Portals;

/// <summary>Software keys under a master key that a vault unwraps.</summary>
public sealed class SealedByVaultTests(PostgresFixture server)
{
    [Fact]
    public async Task Its_unwrapping_is_counted_among_the_vaults_calls()
    {
        await using var database = await server.NewAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        (string, string)[] settings = [.. vault.Settings("vault"), ("Portal:KeyStores:Local:SealedBy", "vault")];
        await using var portal = await TestPortal.StartAsync(database, settings);
        await portal.FoundAsync("example.test");

        await using var restarted = await portal.AnotherNodeAsync(settings);

        Assert.Equal(1, restarted.Get<ConfiguredKeyStores>().Reports().Single(one => one.Store == "vault").Asked);
    }
}
