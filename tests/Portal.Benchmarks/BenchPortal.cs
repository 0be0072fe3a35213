using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.KeyBroker;
using Portal.Application.Setup;
using Portal.Application.Work;
using Portal.Database;
using Portal.KeyStores;
using Portal.Smime.Pkix;
using Portal.Testing;

namespace Portal.Benchmarks;

/// <param name="Account">With a live session.</param>
/// <param name="Mailbox">Where their mail is.</param>
internal sealed record SignedInPerson(Actor.Person Account, MailboxId Mailbox);

/// <summary>The portal without its pages, on PostgreSQL, in this process.</summary>
internal sealed class BenchPortal : IAsyncDisposable
{
    private readonly DirectoryInfo _data;
    private readonly ServiceProvider _services;

    private BenchPortal(PostgresDatabase postgres, DirectoryInfo data, ServiceProvider services) => (Postgres, _data, _services) = (postgres, data, services);

    public PostgresDatabase Postgres { get; }

    public string DataDirectory => _data.FullName;

    public PortalDatabase Database => Get<PortalDatabase>();

    public static async Task<BenchPortal> StartAsync(params (string Name, string Value)[] settings)
    {
        var postgres = await PostgresDatabase.CreateAsync();
        var data = Directory.CreateTempSubdirectory("portal-benchmark-");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Portal:DataDirectory"] = data.FullName,
                ["Portal:Database:Provider"] = "Postgres",
                ["Portal:Database:ConnectionString"] = postgres.ApplicationConnectionString,
                ["Portal:Database:OwnerConnectionString"] = postgres.OwnerConnectionString,
                ["Portal:Work:Pause"] = "00:00:00.05",
            })
            .AddInMemoryCollection(settings.ToDictionary(one => one.Name, string? (one) => one.Value))
            .Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.ClearProviders())
            .AddPortalApplication(configuration)
            .AddPortalDatabase(configuration)
            .AddPortalKeyStores(configuration)
            .BuildServiceProvider();
        var portal = new BenchPortal(postgres, data, services);
        await portal.Get<DatabaseMigration>().RunAsync(CancellationToken.None);
        await portal.Get<SystemKey>().PrepareAsync(CancellationToken.None);
        return portal;
    }

    public TService Get<TService>()
        where TService : notnull => _services.GetRequiredService<TService>();

    public Task<OrganisationId> FoundAsync() => Get<Founding>().FoundAsync("Example", "example.test", null, CancellationToken.None);

    public async Task<SignedInPerson> EnrolAsync(OrganisationId organisation, string address)
    {
        if (!AddrSpec.TryParse(address, out var parsed))
        {
            throw new ArgumentException("Not an address.", nameof(address));
        }

        var (account, mailbox) = await Get<Enrolment>().AddAsync(
            organisation, parsed, parsed.LocalPart, Roles.User, "correct horse battery", CancellationToken.None);
        var actor = await Get<LiveSessions>().BeginAsync(account, new SessionOrigin("Benchmark", string.Empty), secondFactor: false, CancellationToken.None);
        return new SignedInPerson(actor, mailbox);
    }

    /// <summary>The worker in the background until the result is disposed.</summary>
    public async Task<IAsyncDisposable> WorkAsync()
    {
        var worker = _services.GetServices<IHostedService>().OfType<Worker>().Single();
        await worker.StartAsync(CancellationToken.None);
        return new Working(worker);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Postgres.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private sealed class Working(Worker worker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await worker.StopAsync(CancellationToken.None);
    }
}
