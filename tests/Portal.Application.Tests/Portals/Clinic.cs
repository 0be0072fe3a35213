using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>A portal with two people in one organisation and, on PostgreSQL, one in another; made once for many tests.</summary>
public abstract class Clinic : IAsyncLifetime
{
    private TestDatabase? _database;

    internal DnsResponder Dns { get; } = new();

    internal TestPortal Portal { get; private set; } = null!;

    internal SignedInPerson Alice { get; private set; } = null!;

    internal SignedInPerson Bob { get; private set; } = null!;

    /// <summary>Of another organisation; null where a database holds only one.</summary>
    internal SignedInPerson? Mallory { get; private set; }

    internal OrganisationId Organisation => Alice.Account.Organisation;

    private protected abstract bool HoldsMany { get; }

    private protected abstract Task<TestDatabase> NewDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await NewDatabaseAsync();
        Portal = await TestPortal.StartAsync(_database, ("Portal:Domains:Servers", Dns.Address), ("Portal:Domains:Timeout", "00:00:00.3"));
        var organisation = await Portal.FoundAsync("example.test");
        Alice = await Portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        Bob = await Portal.EnrolAsync(organisation, "bob@example.test");
        Mallory = HoldsMany ? await Portal.EnrolAsync(await Portal.FoundAsync("rival.test"), "mallory@rival.test") : null;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (Portal?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Dns.DisposeAsync();
    }
}

public class PostgresClinic : Clinic
{
    private readonly PostgresFixture _server = new();

    private protected override bool HoldsMany => true;

    private protected override Task<TestDatabase> NewDatabaseAsync() => _server.NewAsync();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }
}

public class SqliteClinic : Clinic
{
    private readonly SqliteFixture _files = new();

    private protected override bool HoldsMany => false;

    private protected override Task<TestDatabase> NewDatabaseAsync() => _files.NewAsync();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _files.Dispose();
    }
}
