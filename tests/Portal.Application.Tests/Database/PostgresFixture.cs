using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Database;

namespace Portal.Application.Tests.Database;

/// <summary>A migrated template on the server that PORTAL_TEST_POSTGRES names; every test works in a copy of it.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private const string Variable = "PORTAL_TEST_POSTGRES";
    private readonly string _suffix = Guid.NewGuid().ToString("N")[..12];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _prepared;

    internal string Owner => $"portal_test_owner_{_suffix}";

    internal string Application => $"portal_test_app_{_suffix}";

    private string Template => $"portal_test_{_suffix}";

    internal async Task<TestDatabase> NewAsync()
    {
        await PrepareAsync();
        var name = $"{Template}_{Guid.NewGuid().ToString("N")[..8]}";
        await AdministerAsync($"create database {name} template {Template} owner {Owner}");
        return new TestDatabase(
            Settings(name),
            sql => RunAsync(ConnectionString(name, null), sql),
            () => AdministerAsync($"drop database {name} with (force)"));
    }

    /// <summary>A database that nobody has migrated.</summary>
    internal async Task<string> NewEmptyAsync()
    {
        await PrepareAsync();
        var name = $"{Template}_{Guid.NewGuid().ToString("N")[..8]}";
        await AdministerAsync($"create database {name} owner {Owner}");
        return name;
    }

    internal static Task DropAsync(string name) => AdministerAsync($"drop database {name} with (force)");

    internal Dictionary<string, string?> Settings(string database) => new()
    {
        ["Portal:Database:Provider"] = "Postgres",
        ["Portal:Database:ConnectionString"] = ConnectionString(database, Application),
        ["Portal:Database:OwnerConnectionString"] = ConnectionString(database, Owner),
    };

    internal static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    internal static Task AdministerAsync(string sql) => RunAsync(ConnectionString("postgres", null), sql);

    /// <param name="database">Which.</param>
    /// <param name="user">Null is the superuser.</param>
    internal static string ConnectionString(string database, string? user)
    {
        var given = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"{Variable} is not set. It has to be an Npgsql connection string of a superuser on a PostgreSQL server for tests; ./test.sh starts one.");
        var builder = new NpgsqlConnectionStringBuilder(given) { Database = database, Pooling = user is not null };
        if (user is not null)
        {
            builder.Username = user;
            builder.Password = "correct horse";
        }

        return builder.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_prepared)
        {
            await AdministerAsync($"drop database {Template} with (force)");
            await AdministerAsync($"drop role if exists {Application}; drop role {Owner}");
        }

        _gate.Dispose();
    }

    private async Task PrepareAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!_prepared)
            {
                await AdministerAsync($"create role {Owner} login createrole password 'correct horse'");
                await AdministerAsync($"create database {Template} owner {Owner}");
                await AdministerAsync(AllowGranting);
                _prepared = true;
                await using var services = TestDatabase.Services(Settings(Template));
                await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    // Since PostgreSQL 16 who may create roles may grant only those that it made itself; portal_app may be another run's.
    private string AllowGranting => $$"""
        do $do$
        begin
            if current_setting('server_version_num')::int >= 160000 and exists (select from pg_roles where rolname = 'portal_app') then
                grant portal_app to {{Owner}} with admin option;
            end if;
        end
        $do$
        """;
}
