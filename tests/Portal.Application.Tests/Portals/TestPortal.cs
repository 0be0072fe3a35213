using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Application.Accounts;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Application.Setup;
using Portal.Application.Tests.Database;
using Portal.Application.Work;
using Portal.Database;
using Portal.Database.Postgres;
using Portal.KeyStores;
using Portal.Smime.Pkix;

namespace Portal.Application.Tests.Portals;

/// <param name="Account">With a live session.</param>
/// <param name="Mailbox">Where their mail is.</param>
internal sealed record SignedInPerson(Actor.Person Account, MailboxId Mailbox);

/// <summary>The whole portal without its pages, on a database of its own.</summary>
internal sealed class TestPortal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private bool _sharesDirectory;

    private TestPortal(TestDatabase database, ServiceProvider services, string directory) =>
        (_database, _services, DataDirectory) = (database, services, directory);

    public string DataDirectory { get; }

    public PortalDatabase Database => Get<PortalDatabase>();

    /// <summary>The key stores' switch.</summary>
    public KeyStoreSwitch KeyStores => Get<KeyStoreSwitch>();

    public static Task<TestPortal> StartAsync(TestDatabase database, params (string Name, string Value)[] settings) => StartAsync(database, TimeProvider.System, settings);

    public static async Task<TestPortal> StartAsync(TestDatabase database, TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var portal = Make(database, Directory.CreateTempSubdirectory("portal-test-").FullName, settings, clock);
        await portal.Get<SystemKey>().PrepareAsync(CancellationToken.None);
        return portal;
    }

    /// <summary>With a data directory that is empty, and whatever is in the database.</summary>
    public static TestPortal OnCleanMachine(TestDatabase database) => Make(database, Directory.CreateTempSubdirectory("portal-test-").FullName, []);

    /// <summary>A further node on the same database, with the same master key.</summary>
    public Task<TestPortal> AnotherNodeAsync(params (string Name, string Value)[] settings) => AnotherNodeAsync(TimeProvider.System, settings);

    /// <summary>The same, at another time.</summary>
    public async Task<TestPortal> AnotherNodeAsync(TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var portal = Make(_database, DataDirectory, settings, clock);
        portal._sharesDirectory = true;
        await portal.Get<SystemKey>().PrepareAsync(CancellationToken.None);
        return portal;
    }

    /// <summary>For a process of its own on the same data.</summary>
    public Dictionary<string, string> ProcessSettings => ProcessSettingsFor(_database, DataDirectory);

    public static Dictionary<string, string> ProcessSettingsFor(TestDatabase database, string directory)
    {
        var settings = database.Settings.ToDictionary(one => one.Key.Replace(":", "__", StringComparison.Ordinal), one => one.Value!);
        settings["Portal__DataDirectory"] = directory;
        settings["Portal__Database__ConnectionString"] = ConnectionString(database.Settings)!;
        settings["Portal__Transport__Kind"] = "Pickup";
        return settings;
    }

    public TService Get<TService>()
        where TService : notnull => _services.GetRequiredService<TService>();

    public Task<OrganisationId> FoundAsync(string domain) =>
        Get<Founding>().FoundAsync($"Organisation {domain}", domain, null, CancellationToken.None);

    public async Task<SignedInPerson> EnrolAsync(OrganisationId organisation, string address, Roles roles = Roles.User)
    {
        Assert.True(AddrSpec.TryParse(address, out var parsed));
        var (account, mailbox) = await Get<Enrolment>().AddAsync(
            organisation, parsed, $"Person {parsed.LocalPart}", roles, "correct horse battery", CancellationToken.None);
        return new SignedInPerson(await SignInAsync(account), mailbox);
    }

    public Task<Actor.Person> SignInAsync(Account account) =>
        Get<LiveSessions>().BeginAsync(account, new SessionOrigin("Test", "127.0.0.1"), secondFactor: true, CancellationToken.None);

    public async Task AllowAsync(OrganisationId organisation, bool signedOnly, bool unprotected)
    {
        var policies = Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(organisation, CancellationToken.None);
        await policies.ChangeAsync(
            new Actor.Portal(organisation, "test"), policy with { AllowsSignedOnly = signedOnly, AllowsUnprotected = unprotected }, CancellationToken.None);
    }

    /// <summary>Works until the condition holds.</summary>
    public async Task WorkUntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (await TheWorker.WorkOnceAsync(deadline.Token) == 0)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    /// <summary>Works until nothing is due.</summary>
    public async Task WorkOffAsync()
    {
        while (await TheWorker.WorkOnceAsync(CancellationToken.None) > 0)
        {
        }
    }

    /// <summary>As a node does: worker, watches, and what it hears from other nodes.</summary>
    public async Task StartWorkingAsync()
    {
        foreach (var service in Working)
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopWorkingAsync()
    {
        foreach (var service in Working.Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (!_sharesDirectory && Directory.Exists(DataDirectory))
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    private Worker TheWorker => _services.GetServices<IHostedService>().OfType<Worker>().Single();

    private IEnumerable<IHostedService> Working =>
        _services.GetServices<IHostedService>().Where(one => one is Worker or Inbox.MailWatching or PostgresNewsListener).ToList();

    private static TestPortal Make(TestDatabase database, string directory, (string Name, string Value)[] settings, TimeProvider? clock = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Portal:Transport:Kind"] = "Pickup",
                ["Portal:Outbox:FirstRetry"] = "00:00:00.1",
                ["Portal:Transport:FetchInterval"] = "00:00:00.5",
                ["Portal:Transport:Timeout"] = "00:00:05",
                ["Portal:Transport:OwnNetworks"] = "127.0.0.0/8 ::1/128",
                ["Portal:Transport:WatchedAccounts"] = "0",
            })
            .AddInMemoryCollection(database.Settings)
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Portal:DataDirectory"] = directory,
                ["Portal:Database:ConnectionString"] = ConnectionString(database.Settings),
            })
            .AddInMemoryCollection(settings.ToDictionary(one => one.Name, string? (one) => one.Value))
            .Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddLogging(logging => logging.ClearProviders())
            .AddPortalApplication(configuration)
            .AddPortalDatabase(configuration)
            .AddPortalKeyStores(configuration);
        KeyStoreSwitch.Insert(services);
        return new TestPortal(database, services.BuildServiceProvider(), directory);
    }

    // SQLite's file stays where the database's own directory is.
    private static string? ConnectionString(IReadOnlyDictionary<string, string?> settings) =>
        settings.TryGetValue("Portal:DataDirectory", out var directory)
            ? $"Data Source={Path.Combine(directory!, "portal.db")}"
            : settings["Portal:Database:ConnectionString"];
}
