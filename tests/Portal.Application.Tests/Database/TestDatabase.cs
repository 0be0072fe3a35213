using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Notifications;
using Portal.Application.Organisations;
using Portal.Application.Work;
using Portal.Database;

namespace Portal.Application.Tests.Database;

/// <summary>A migrated database of its own for one test, wired as the portal wires it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly Func<string, Task> _tamper;
    private readonly Func<Task> _drop;

    /// <param name="settings">As the portal is configured.</param>
    /// <param name="tamper">Runs SQL with all rights, as somebody with a stolen password would.</param>
    /// <param name="drop">Removes the database.</param>
    public TestDatabase(IReadOnlyDictionary<string, string?> settings, Func<string, Task> tamper, Func<Task> drop)
    {
        (_settings, _tamper, _drop) = (settings, tamper, drop);
        _services = Services(settings);
        Database = new PortalDatabase(_services.GetRequiredService<IPortalDbContexts>());
    }

    public IServiceProvider Provided => _services;

    public IReadOnlyDictionary<string, string?> Settings => _settings;

    public PortalDatabase Database { get; }

    public IPortalDbContexts Contexts => _services.GetRequiredService<IPortalDbContexts>();

    public IDirectory Directory => _services.GetRequiredService<IDirectory>();

    public IWorkClaims Claims => _services.GetRequiredService<IWorkClaims>();

    public MailboxNews News => _services.GetRequiredService<MailboxNews>();

    public DatabaseMigration Migration => _services.GetRequiredService<DatabaseMigration>();

    public static ServiceProvider Services(IReadOnlyDictionary<string, string?> settings) => new ServiceCollection()
        .AddLogging(logging => logging.ClearProviders())
        .AddPortalDatabase(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .BuildServiceProvider();

    /// <summary>A further process on the same database.</summary>
    public TestDatabase AnotherNode() => new(_settings, _tamper, () => Task.CompletedTask);

    public Task TamperAsync(string sql) => _tamper(sql);

    public async Task<OrganisationId> AddOrganisationAsync(string name = "Example")
    {
        var id = OrganisationId.New();
        await using var db = await Database.WriteAsync(id, CancellationToken.None);
        db.Organisations.Add(new Organisation(id, name, "local", DateTimeOffset.UnixEpoch));
        db.AuditChains.Add(new AuditChain(id));
        await db.CommitAsync(CancellationToken.None);
        return id;
    }

    public async Task<Mailbox> AddMailboxAsync(OrganisationId organisation, string address)
    {
        await using var db = await Database.WriteAsync(organisation, CancellationToken.None);
        var account = new Account(organisation, address, "Somebody", Roles.User, DateTimeOffset.UnixEpoch);
        var mailbox = new Mailbox(organisation, account.Id, address, address, "Somebody");
        db.Accounts.Add(account);
        db.Mailboxes.Add(mailbox);
        await db.CommitAsync(CancellationToken.None);
        return mailbox;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _drop();
    }
}
