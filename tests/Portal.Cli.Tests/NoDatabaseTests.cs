using System.CommandLine;

namespace Portal.Cli.Tests;

/// <summary>Where the settings point at no database.</summary>
public sealed class NoDatabaseTests
{
    // These two make one.
    private static readonly string[] Making = ["migrate", "restore"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_command_says_that_there_is_none_where_and_how_to_mend_it(bool directoryIsThere)
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        var directory = Path.Combine(portal.DirectoryName, "elsewhere");
        portal.Settings["Portal__DataDirectory"] = directory;
        if (directoryIsThere)
        {
            Directory.CreateDirectory(directory);
        }

        var file = Path.Combine(directory, "portal.db");
        var commands = Verbs(PortalCommand.Make()).Where(one => !Making.Contains(one.Name) && one.Name != "completion" && !one.Examples[0].StartsWith("portal smime", StringComparison.Ordinal)).ToList();
        foreach (var example in commands.Select(one => one.Examples[0]))
        {
            var answer = await portal.RunAsync([.. Words(example)]);

            Assert.True(answer.Code == 1, $"{example}: {answer}");
            Assert.Contains($"There is no database at {file}.", answer.ToString(), StringComparison.Ordinal);
            Assert.Contains("Portal__DataDirectory", answer.ToString(), StringComparison.Ordinal);
            Assert.Contains("portal migrate", answer.ToString(), StringComparison.Ordinal);
            Assert.False(File.Exists(file), example);
        }
    }

    [Theory]
    [InlineData("Database", "nowhere", "database \"nowhere\" does not exist")]
    [InlineData("Username", "nobody", "nobody")]
    public async Task Postgres_that_lets_nobody_in_is_not_for_later(string key, string value, string words)
    {
        await using var portal = await OperatedPortal.OnPostgresAsync();
        portal.Settings["Portal__Database__ConnectionString"] =
            new Npgsql.NpgsqlConnectionStringBuilder(portal.Database!.ApplicationConnectionString) { [key] = value }.ToString();

        var answer = await portal.RunAsync("audit", "verify");

        Assert.Equal(1, answer.Code);
        Assert.StartsWith("PostgreSQL answers, but does not let the portal in: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
        Assert.Contains("Portal:Database:ConnectionString", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("checkpoint")]
    public async Task Where_nothing_is_set_up_no_chain_is_said_to_be_fine(string verb)
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();

        var answer = await portal.RunAsync("audit", verb);

        Assert.Equal((1, "The portal is not set up yet.\n"), (answer.Code, answer.Error));
    }

    private static IEnumerable<Verb> Verbs(Command command) =>
        command is Verb verb ? [verb] : command.Subcommands.SelectMany(Verbs);

    // The examples quote no more than names.
    private static IEnumerable<string> Words(string example) =>
        example["portal ".Length..].Split('"').SelectMany((part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
