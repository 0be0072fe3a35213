using System.Text.RegularExpressions;
using MimeKit;
using Portal.Testing;
using Portal.Testing.KeyVault;

namespace Portal.Web.Tests;

/// <summary>The portal as it is run for real: PostgreSQL, a mail server, fresh keys; with the demo's people.</summary>
public class JourneyPortal : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("portal-journey-");

    public PortalProcess Process { get; private set; } = null!;

    public PostgresDatabase Database { get; private set; } = null!;

    /// <summary>What the domains of people are proved by.</summary>
    public DnsResponder Dns { get; } = new();

    public string DataDirectory => _data.FullName;

    public Dictionary<string, string> Settings { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (IsOnSqlite)
        {
            Settings = new() { ["Portal__DataDirectory"] = DataDirectory, ["Portal__Demo__Password"] = Password, ["Portal__SignIn__AttemptsPerNetwork"] = "1000", ["Portal__SignIn__AttemptsPerAccount"] = "1000" };
        }
        else
        {
            Database = await PostgresDatabase.CreateAsync();
            Settings = SettingsFor(Database, DataDirectory);
        }

        foreach (var (name, value) in await KeyStoresAsync())
        {
            Settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Settings["Portal__Domains__Proof"] = "Dns";
        Settings["Portal__Domains__Servers"] = Dns.Address;
        Process = await PortalProcess.StartAsync(Settings, "--demo");
    }

    /// <summary>In the newest mail to somebody that has it.</summary>
    public async Task<string> MailedAsync(string address, Regex wanted)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var mail = new DirectoryInfo(Path.Combine(DataDirectory, "pickup"));
            var files = mail.Exists ? mail.GetFiles("*.eml") : [];
            foreach (var file in files.OrderByDescending(one => one.LastWriteTimeUtc))
            {
                var message = await MimeMessage.LoadAsync(file.FullName);
                if (message.To.ToString() == address && wanted.Match(message.TextBody ?? string.Empty) is { Success: true } match)
                {
                    return match.Value;
                }
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"No mail to {address} has {wanted}.");
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Process.DisposeAsync();
        if (!IsOnSqlite)
        {
            await Database.DisposeAsync();
        }

        await Dns.DisposeAsync();
        _data.Delete(recursive: true);
    }

    /// <summary>A file instead of PostgreSQL: the smoke set.</summary>
    protected virtual bool IsOnSqlite => false;

    /// <summary>Further key stores than the local one.</summary>
    protected virtual Task<IEnumerable<(string Name, string Value)>> KeyStoresAsync() => Task.FromResult(Enumerable.Empty<(string, string)>());

    public static Dictionary<string, string> SettingsFor(PostgresDatabase database, string directory) => new()
    {
        ["Portal__DataDirectory"] = directory,
        ["Portal__Demo__Password"] = Password,
        ["Portal__Database__Provider"] = "Postgres",
        ["Portal__Database__ConnectionString"] = database.ApplicationConnectionString,
        ["Portal__Database__OwnerConnectionString"] = database.OwnerConnectionString,
        ["Portal__Transport__Kind"] = "Smtp",
        ["Portal__Transport__RelayHost"] = "127.0.0.1",
        ["Portal__Transport__RelayPort"] = $"{TestServers.SmtpPort}",
        ["Portal__Transport__RelayTls"] = "None",
        ["Portal__Transport__ServerAuthorities"] = TestServers.Authority,
        ["Portal__Transport__OwnNetworks"] = "127.0.0.0/8 ::1/128",
        ["Portal__Transport__FetchInterval"] = "00:00:01",
        ["Portal__Work__Pause"] = "00:00:00.1",
        ["Portal__Work__Lease"] = "00:00:20",
        ["Portal__Session__Revalidation"] = "00:00:05",
        ["Portal__Session__CircuitsPerAccount"] = "500",
        ["Portal__SignIn__AttemptsPerNetwork"] = "1000",
        ["Portal__SignIn__AttemptsPerAccount"] = "1000",
    };
}

public sealed class SqlitePortal : JourneyPortal
{
    protected override bool IsOnSqlite => true;
}

/// <summary>All keys in a token.</summary>
public sealed class TokenPortal : JourneyPortal
{
    protected override async Task<IEnumerable<(string Name, string Value)>> KeyStoresAsync() =>
        (await SoftHsmToken.TakeAsync()).Settings("hsm").Append(("Portal:KeyStores:Default", "hsm"));
}

/// <summary>Keys here, and a vault beside.</summary>
public class TwoStoresPortal : JourneyPortal
{
    private KeyVaultServer? _vault;

    public KeyVaultServer Vault => _vault ?? throw new InvalidOperationException("It is not started.");

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await (_vault?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override async Task<IEnumerable<(string Name, string Value)>> KeyStoresAsync()
    {
        _vault = await KeyVaultServer.StartAsync();
        return _vault.Settings("vault");
    }
}

/// <summary>All keys in a vault.</summary>
public sealed class VaultPortal : TwoStoresPortal
{
    protected override async Task<IEnumerable<(string Name, string Value)>> KeyStoresAsync() =>
        (await base.KeyStoresAsync()).Append(("Portal:KeyStores:Default", "vault"));
}
