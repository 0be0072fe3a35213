using Npgsql;

namespace Portal.Testing;

/// <summary>An empty database on the test server, with an owner, and a name for the login that the application gets.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private const string Variable = "PORTAL_TEST_POSTGRES";
    private readonly string _name = $"portal_journey_{Guid.NewGuid():N}"[..40];

    private PostgresDatabase()
    {
    }

    public string OwnerConnectionString => ConnectionString($"{_name}_owner", pooling: false);

    /// <summary>As the server's superuser, whom row-level security does not bind.</summary>
    public string AdministratorConnectionString => Given(builder => builder.Database = _name);

    public string ApplicationConnectionString => ConnectionString($"{_name}_app", pooling: true);

    public static async Task<PostgresDatabase> CreateAsync()
    {
        var database = new PostgresDatabase();
        await AdministerAsync($"create role {database._name}_owner login createrole password 'journey'");
        await AdministerAsync($"create database {database._name} owner {database._name}_owner");
        return database;
    }

    /// <summary>As the server's superuser, inside this database.</summary>
    public async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdministratorConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await AdministerAsync($"drop database {_name} with (force)");
        await AdministerAsync($"drop role if exists {_name}_app");
        await AdministerAsync($"drop role {_name}_owner");
    }

    // As an installation has it; what is used once would only hold a connection to a database that is dropped.
    private string ConnectionString(string user, bool pooling) => Given(builder =>
    {
        builder.Database = _name;
        builder.Username = user;
        builder.Password = "journey";
        builder.Pooling = pooling;
    });

    private static async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Given(_ => { }));
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string Given(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(TestServers.Get(Variable)) { Pooling = false };
        change(builder);
        return builder.ToString();
    }
}
