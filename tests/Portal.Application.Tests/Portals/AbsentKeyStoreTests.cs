using Portal.Application.Checks;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>A second key store that does not answer: named, and no reason to send people away.</summary>
public sealed class AbsentKeyStoreTests(PostgresFixture server) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(
            _database,
            ("Portal:KeyStores:Pkcs11:hsm:Library", "/nowhere/libpkcs11.so"),
            ("Portal:KeyStores:Pkcs11:hsm:Token", "ward"),
            ("Portal:KeyStores:Pkcs11:hsm:Pin", "1234"));
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_node_is_ready_all_the_same() => Assert.True(await _portal.Get<PortalHealth>().IsReadyAsync(Never));

    [Fact]
    public async Task Without_the_first_one_it_is_not()
    {
        _portal.KeyStores.IsUnplugged = true;

        Assert.False(await _portal.Get<PortalHealth>().IsReadyAsync(Never));
    }

    [Fact]
    public async Task A_list_whose_key_cannot_be_unwrapped_says_so()
    {
        var alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test");
        await _portal.SendAsync(alice, Mail.To("alice@example.test", "to myself"));
        await using var restarted = await _portal.AnotherNodeAsync();
        restarted.KeyStores.IsUnplugged = true;

        await Assert.ThrowsAsync<MailboxClosedException>(() => restarted.ListAsync(alice, FolderKind.Sent));

        restarted.KeyStores.IsUnplugged = false;
        Assert.Single(await restarted.ListAsync(alice, FolderKind.Sent));
    }

    [Fact]
    public async Task The_check_names_it_and_says_why()
    {
        var findings = await _portal.Get<InstallationCheck>().RunAsync(Never);

        Assert.Contains(findings, finding => finding.What == "The key store local answers.");
        Assert.Contains(findings, finding => finding.What.StartsWith("The key store hsm does not answer. The library /nowhere/libpkcs11.so cannot be loaded", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.What.Contains("opens this installation's secret", StringComparison.Ordinal));
    }
}
