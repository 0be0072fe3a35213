using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Database;
using Portal.Database.Postgres;

namespace Portal.Application.Tests.Database;

public sealed class PostgresMigrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private string _name = string.Empty;

    public async ValueTask InitializeAsync() => _name = await postgres.NewEmptyAsync();

    public async ValueTask DisposeAsync() => await PostgresFixture.DropAsync(_name);

    [Fact]
    public void Whatever_the_model_says_is_in_a_migration()
    {
        using var db = new PostgresDesign().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_database_all_find_it_ready()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MigrateAsync(postgres.Settings(_name)))));

        await MigrateAsync(WithoutOwner());
        await using var services = TestDatabase.Services(WithoutOwner());
        Assert.Empty(await services.GetRequiredService<IDirectory>().ListOrganisationsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Who_may_not_migrate_an_empty_database_says_what_to_run() =>
        await RefusedAsync(WithoutOwner(), "is empty", "portal migrate");

    [Fact]
    public async Task A_database_of_another_version_is_refused()
    {
        await MigrateAsync(postgres.Settings(_name));
        await AdministerAsync("delete from migrations");

        await RefusedAsync(WithoutOwner(), "of another version", "portal migrate");
    }

    [Fact]
    public async Task Rights_of_another_version_are_refused_and_put_right_by_the_owner()
    {
        await MigrateAsync(postgres.Settings(_name));
        await AdministerAsync("comment on table migrations is 'Security.sql of yesterday'; alter table accounts no force row level security; grant all on audit_entries to portal_app");

        await RefusedAsync(WithoutOwner(), "rights are of another version", "portal migrate");
        await MigrateAsync(postgres.Settings(_name));

        Assert.Equal("true f", await AskAsync(
            "select relforcerowsecurity || ' ' || has_table_privilege('portal_app', 'audit_entries', 'delete')::char from pg_class where relname = 'accounts'"));
    }

    [Fact]
    public async Task A_new_table_of_organisations_is_separated_without_anybody_saying_so()
    {
        await MigrateAsync(postgres.Settings(_name));
        await AdministerAsync($"create table forgotten (organisation_id uuid); alter table forgotten owner to {postgres.Owner}");

        await MigrateAsync(postgres.Settings(_name));

        Assert.Equal("true true", await AskAsync("select relrowsecurity || ' ' || relforcerowsecurity from pg_class where relname = 'forgotten'"));
    }

    [Fact]
    public async Task A_node_that_starts_again_waits_for_nobody_who_works_and_nobody_waits_for_it()
    {
        await MigrateAsync(postgres.Settings(_name));
        await using var working = new NpgsqlConnection(WithoutOwner()["Portal:Database:ConnectionString"]);
        await working.OpenAsync();
        await using var transaction = await working.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table accounts in row exclusive mode", working);
        await command.ExecuteNonQueryAsync();

        await MigrateAsync(postgres.Settings(_name)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_new_table_of_nobody_stops_the_migration()
    {
        await MigrateAsync(postgres.Settings(_name));
        await AdministerAsync($"create table nobodys (id int); alter table nobodys owner to {postgres.Owner}");

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(postgres.Settings(_name)));

        Assert.Contains("The table nobodys has no organisation_id", refusal.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter role {0} superuser", "alter role {0} nosuperuser", "superuser")]
    [InlineData("alter role {0} bypassrls", "alter role {0} nobypassrls", "bypass row-level security")]
    [InlineData("grant {1} to {0}", "revoke {1} from {0}", "owns tables")]
    [InlineData("revoke portal_app from {0}", "grant portal_app to {0}", "no member of portal_app")]
    public async Task An_application_role_that_the_rules_do_not_bind_is_refused(string loosen, string restore, string said)
    {
        // Roles are the whole server's: other tests must not see this one.
        var application = $"{postgres.Application}_{Guid.NewGuid().ToString("N")[..6]}";
        var settings = postgres.Settings(_name);
        settings["Portal:Database:ConnectionString"] = PostgresFixture.ConnectionString(_name, application);
        await MigrateAsync(settings);
        settings.Remove("Portal:Database:OwnerConnectionString");
        await MigrateAsync(settings);
        try
        {
            await AdministerAsync(Filled(loosen, application));

            await RefusedAsync(settings, said);
        }
        finally
        {
            await AdministerAsync(Filled(restore, application));
            await AdministerAsync($"drop role {application}");
        }
    }

    [Fact]
    public async Task An_owner_that_may_not_make_roles_says_what_an_administrator_has_to_run()
    {
        var settings = postgres.Settings(_name);
        settings["Portal:Database:ConnectionString"] = PostgresFixture.ConnectionString(_name, "portal_test_nobody");
        settings["Portal:Database:OwnerConnectionString"] = PostgresFixture.ConnectionString(_name, postgres.Application);

        await RefusedAsync(settings, "may not make roles", "create role \"portal_test_nobody\" login");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_said_so()
    {
        var settings = postgres.Settings("portal_test_never_made");

        await RefusedAsync(settings, "does not let the portal in", "portal_test_never_made");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_said_so()
    {
        var settings = postgres.Settings(_name);
        settings["Portal:Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Username=portal;Database=portal";
        settings.Remove("Portal:Database:OwnerConnectionString");
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => MigrateAsync(settings));

        await using var services = TestDatabase.Services(settings);
        var database = new PortalDatabase(services.GetRequiredService<IPortalDbContexts>());
        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => database.ReadAsync(OrganisationId.New(), CancellationToken.None));
        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_that_the_server_has_closed_meanwhile_are_no_failure()
    {
        await MigrateAsync(postgres.Settings(_name));
        await using var services = TestDatabase.Services(WithoutOwner());
        var database = new PortalDatabase(services.GetRequiredService<IPortalDbContexts>());
        for (var i = 0; i < 3; i++)
        {
            await using (var db = await database.ReadAsync(OrganisationId.New(), CancellationToken.None))
            await using (var another = await database.ReadAsync(OrganisationId.New(), CancellationToken.None))
            {
                Assert.Equal(0, await db.Accounts.CountAsync());
                Assert.Equal(0, await another.Accounts.CountAsync());
            }

            await AdministerAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{postgres.Application}' and datname = '{_name}'");
        }
    }

    private static async Task MigrateAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using var services = TestDatabase.Services(settings);
        await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);
    }

    private static async Task RefusedAsync(IReadOnlyDictionary<string, string?> settings, params string[] said)
    {
        var refusal = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => MigrateAsync(settings));
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    private string Filled(string statement, string application) =>
        statement.Replace("{0}", application, StringComparison.Ordinal).Replace("{1}", postgres.Owner, StringComparison.Ordinal);

    private Dictionary<string, string?> WithoutOwner()
    {
        var settings = postgres.Settings(_name);
        settings.Remove("Portal:Database:OwnerConnectionString");
        return settings;
    }

    private Task AdministerAsync(string sql) => PostgresFixture.RunAsync(PostgresFixture.ConnectionString(_name, null), sql);

    private async Task<string?> AskAsync(string query)
    {
        await using var connection = new NpgsqlConnection(PostgresFixture.ConnectionString(_name, null));
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own text.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        return (string?)await command.ExecuteScalarAsync();
    }
}
