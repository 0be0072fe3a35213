using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;
using Portal.Database.Sqlite;

namespace Portal.Application.Tests.Database;

[UnsupportedOSPlatform("windows")]
public sealed class SqliteMigrationTests(SqliteFixture sqlite)
{
    [Fact]
    public void Whatever_the_model_says_is_in_a_migration()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task The_file_and_its_journals_are_made_for_their_owner_only()
    {
        var directory = Path.Combine(sqlite.NewDirectory(), "not", "there", "yet");
        await using var services = TestDatabase.Services(SqliteFixture.Settings(directory));
        await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);
        await using var db = await new PortalDatabase(services.GetRequiredService<IPortalDbContexts>()).InstallationAsync(CancellationToken.None);

        var files = Directory.GetFiles(directory);

        Assert.Contains(Path.Combine(directory, "portal.db"), files);
        Assert.Contains(Path.Combine(directory, "portal.db-wal"), files);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task It_keeps_a_journal_that_readers_do_not_wait_for_and_foreign_keys()
    {
        await using var services = await MigratedAsync(sqlite.NewDirectory());
        await using var db = services.GetRequiredService<IPortalDbContexts>().Create();
        await db.Database.OpenConnectionAsync();

        Assert.Equal("wal", await AskAsync<string>(db, "journal_mode"));
        Assert.Equal(1, await AskAsync<long>(db, "foreign_keys"));
        Assert.Equal(2, await AskAsync<long>(db, "synchronous"));
        Assert.Equal(20_000, await AskAsync<long>(db, "timeout", "busy_timeout"));
    }

    [Fact]
    public async Task Starting_again_changes_nothing()
    {
        var directory = sqlite.NewDirectory();
        await using (await MigratedAsync(directory))
        {
        }

        await using var again = await MigratedAsync(directory);
        Assert.Empty(await again.GetRequiredService<IDirectory>().ListOrganisationsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_lock_that_a_killed_process_left_behind_stops_nobody()
    {
        var directory = sqlite.NewDirectory();
        await using (await MigratedAsync(directory))
        {
        }

        await ExecuteAsync(directory, "create table if not exists \"__EFMigrationsLock\" (\"Id\" integer primary key, \"Timestamp\" text not null); insert into \"__EFMigrationsLock\" values (1, '2026-01-01 00:00:00')");

        await using var again = await MigratedAsync(directory).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_said_so_and_left_as_it_is()
    {
        var directory = sqlite.NewDirectory();
        var file = Path.Combine(directory, "portal.db");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("This is not a database. ", 100)));

        var refusal = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => MigratedAsync(directory));

        Assert.Contains("is not a database of the portal", refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("This is not a database.", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_where_no_file_can_be_is_said_so()
    {
        var file = Path.Combine(sqlite.NewDirectory(), "file");
        await File.WriteAllTextAsync(file, "in the way");

        var refusal = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => MigratedAsync(Path.Combine(file, "below")));

        Assert.Contains("cannot be made or opened", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<ServiceProvider> MigratedAsync(string directory)
    {
        var services = TestDatabase.Services(SqliteFixture.Settings(directory));
        await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);
        return services;
    }

    private static async Task ExecuteAsync(string directory, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "portal.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static Task<TValue> AskAsync<TValue>(PortalDbContext db, string column, string? pragma = null)
    {
#pragma warning disable EF1002 // The tests' own text.
        return db.Database.SqlQueryRaw<TValue>($"select {column} as \"Value\" from pragma_{pragma ?? column}").SingleAsync();
#pragma warning restore EF1002
    }
}
