using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>What `portal check` finds, and that it says how to mend it.</summary>
public sealed class CheckTests(FoundedPortal founded) : IClassFixture<FoundedPortal>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_installation_that_works_is_fine(bool postgres)
    {
        await using var portal = await FoundedAsync(postgres);

        var (code, findings) = await portal.AskAsync("check");

        Assert.Equal(0, code);
        var areas = findings.EnumerateArray().Select(one => one.GetProperty("area").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "configuration", "database", "migrations", "row-level security", "key store", "system key", "organisations", "mail relay", "checkpoints", "sweeping", "clock" }, areas);
        Assert.DoesNotContain(findings.EnumerateArray(), one => one.GetProperty("state").GetString() == "problem");
    }

    [Theory]
    [InlineData("Portal__Database__Provider", "Oracle", "configuration", "it can be Sqlite or Postgres")]
    [InlineData("Portal__Roles", "Cook", "configuration", "it has to be Web, Worker or Web,Worker")]
    [InlineData("Portal__Outbox__FirstRetry", "tomorrow", "configuration", "FirstRetry")]
    [InlineData("Portal__Transport__RelayPort", "70000", "configuration", "RelayPort")]
    [InlineData("Portal__Audit__CheckpointInterval", "00:00:00", "configuration", "CheckpointInterval")]
    [InlineData("Portal__Database__ConnectionString", "Data Source=/nowhere/portal.db", "database", "There is no database at /nowhere/portal.db")]
    [InlineData("Portal__KeyStores__Local__MasterKeyFile", "/nowhere/master.key", "key store", "The master key is missing")]
    [InlineData("Portal__KeyStores__Local__MasterKey", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "key store", "which is not here")]
    [InlineData("Portal__Transport__Kind", "Smtp", "mail relay", "localhost:1")]
    public async Task What_is_wrong_is_named_with_a_way_to_mend_it(string setting, string value, string area, string words)
    {
        await using var portal = await FoundedAsync(postgres: false);
        portal.Settings["Portal__Transport__RelayPort"] = "1";
        portal.Settings[setting] = value;

        var (code, findings) = await portal.AskAsync("check");

        var problem = Assert.Single(findings.EnumerateArray(), one => one.GetProperty("state").GetString() == "problem");
        Assert.Equal((1, area), (code, problem.GetProperty("area").GetString()));
        Assert.Contains(words, problem.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("mend").GetString()!);
        Assert.False(Directory.Exists("/nowhere"));
    }

    [Fact]
    public async Task A_damaged_database_is_said_in_words_by_every_command()
    {
        await using var portal = await FoundedAsync(postgres: false);
        foreach (var file in Directory.EnumerateFiles(portal.Settings["Portal__DataDirectory"], "portal.db*"))
        {
            await File.WriteAllTextAsync(file, new string('x', 50_000));
        }

        foreach (var command in new[] { "user list", "audit verify" })
        {
            // In a process of its own, which has not read the file before.
            var answer = await PortalCli.RunAsync(portal.Settings, command.Split(' '));
            Assert.Equal(1, answer.Code);
            Assert.NotEmpty(answer.Error);
            Assert.DoesNotContain("   at ", answer.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("alter role {0} bypassrls", "may bypass row-level security")]
    [InlineData("comment on table migrations is 'Security.sql of old'", "rights are of another version")]
    [InlineData("delete from migrations", "of another version than the portal")]
    public async Task A_database_that_would_not_hold_organisations_apart_is_a_problem(string statement, string words)
    {
        await using var portal = await OperatedPortal.OnPostgresAsync();
        var role = new Npgsql.NpgsqlConnectionStringBuilder(portal.Database!.ApplicationConnectionString).Username;
        await portal.Database.AskAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, statement, role));

        var answer = await portal.RunAsync("check");

        Assert.Equal(1, answer.Code);
        Assert.Contains(words, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweeping_that_fails_or_that_nobody_does_is_said()
    {
        await using var portal = await FoundedAsync(postgres: true);
        Assert.Contains("ok       sweeping: Example Clinic: the next is due at", (await portal.RunAsync("check")).Output, StringComparison.Ordinal);

        // Claimed again and again, and never at its end.
        await portal.Database!.AskAsync("update work_items set due_at = now() - interval '13 hours', leased_until = now() + interval '4 minutes', attempts = 150 where kind = 'Sweep'");

        Assert.Contains("warning  sweeping: Example Clinic: what nobody needs any more should have been removed at", (await portal.RunAsync("check")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_place_that_cannot_be_written_is_a_problem()
    {
        await using var portal = await FoundedAsync(postgres: false);
        portal.Settings["Portal__Audit__CheckpointTarget"] = "/proc/nowhere/checkpoints.jsonl";
        Assert.Equal(1, (await portal.RunAsync("audit", "checkpoint")).Code);

        var answer = await portal.RunAsync("check");

        Assert.Equal(1, answer.Code);
        Assert.Contains("problem  checkpoints: Example Clinic: not written since", answer.Output, StringComparison.Ordinal);
    }

    private async Task<OperatedPortal> FoundedAsync(bool postgres)
    {
        if (!postgres)
        {
            return OperatedPortal.CopyOf(founded.Portal);
        }

        var portal = await OperatedPortal.OnPostgresAsync();
        await FoundedPortal.FoundAsync(portal);
        return portal;
    }
}

/// <summary>Founded once, and copied: its keys take their time.</summary>
public sealed class FoundedPortal : IAsyncLifetime
{
    public OperatedPortal Portal { get; private set; } = null!;

    public static async Task FoundAsync(OperatedPortal portal)
    {
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        await portal.DoAsync("audit", "checkpoint");
    }

    public async ValueTask InitializeAsync()
    {
        Portal = await OperatedPortal.OnSqliteAsync();
        await FoundAsync(Portal);
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
