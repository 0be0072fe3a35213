using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>An installation that is run from the command line alone.</summary>
public sealed class OperatedPortal : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-cli-");

    private OperatedPortal(PostgresDatabase? database)
    {
        Database = database;
        Settings = new Dictionary<string, string>
        {
            ["Portal__DataDirectory"] = Path.Combine(DirectoryName, "data"),
            ["Portal__Audit__CheckpointTarget"] = Path.Combine(DirectoryName, "second", "checkpoints.jsonl"),
            ["Portal__Transport__Kind"] = "Pickup",
        };
        if (database is not null)
        {
            Settings["Portal__Database__Provider"] = "Postgres";
            Settings["Portal__Database__ConnectionString"] = database.ApplicationConnectionString;
            Settings["Portal__Database__OwnerConnectionString"] = database.OwnerConnectionString;
        }
    }

    public string DirectoryName => _directory.FullName;

    public PostgresDatabase? Database { get; }

    public Dictionary<string, string> Settings { get; }

    public static async Task<OperatedPortal> OnPostgresAsync() => await MigratedAsync(new OperatedPortal(await PostgresDatabase.CreateAsync()));

    public static Task<OperatedPortal> OnSqliteAsync() => MigratedAsync(new OperatedPortal(null));

    /// <summary>The same installation in a directory of its own, for a test to spoil.</summary>
    /// <param name="template">On SQLite, and nothing runs on it.</param>
    public static OperatedPortal CopyOf(OperatedPortal template)
    {
        var copy = new OperatedPortal(null);
        foreach (var file in template._directory.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.DirectoryName, Path.GetRelativePath(template.DirectoryName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            file.CopyTo(target);
        }

        return copy;
    }

    /// <summary>In this process: a new one spends seconds on compiling what this one has compiled.</summary>
    public async Task<CliAnswer> RunAsync(params string[] arguments)
    {
        var settings = Settings.ToDictionary(one => one.Key.Replace("__", ":", StringComparison.Ordinal), string? (one) => one.Value);
        var invocation = new ConfiguredInvocation(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        {
            Output = new StringWriter(),
            Error = new StringWriter(),
        };
        var code = await PortalCommand.RunAsync(arguments, invocation);
        return new CliAnswer(code, invocation.Output.ToString()!, invocation.Error.ToString()!);
    }

    /// <summary>What it must answer 0 to.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var answer = await RunAsync(arguments);
        Assert.True(answer.Code == 0, $"{string.Join(' ', arguments)}: {answer}");
        return answer.Output;
    }

    public async Task<(int Code, JsonElement Json)> AskAsync(params string[] arguments)
    {
        var answer = await RunAsync([.. arguments, "--json"]);
        return (answer.Code, JsonDocument.Parse(answer.Output).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Delete(recursive: true);
    }

    private static async Task<OperatedPortal> MigratedAsync(OperatedPortal portal)
    {
        await portal.DoAsync("migrate");
        return portal;
    }
}
