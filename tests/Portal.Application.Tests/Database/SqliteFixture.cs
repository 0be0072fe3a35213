using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;

namespace Portal.Application.Tests.Database;

/// <summary>A migrated file; every test works in a copy of it.</summary>
public sealed class SqliteFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-sqlite-").FullName;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _prepared;

    private string Template => Path.Combine(_directory, "template");

    internal async Task<TestDatabase> NewAsync()
    {
        await PrepareAsync();
        var directory = NewDirectory();
        File.Copy(Path.Combine(Template, "portal.db"), Path.Combine(directory, "portal.db"));
        return new TestDatabase(Settings(directory), sql => TamperAsync(directory, sql), () => Task.CompletedTask);
    }

    internal string NewDirectory() => Directory.CreateDirectory(Path.Combine(_directory, Guid.NewGuid().ToString("N"))).FullName;

    internal static Dictionary<string, string?> Settings(string directory) => new()
    {
        ["Portal:Database:Provider"] = "Sqlite",
        ["Portal:DataDirectory"] = directory,
    };

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        _gate.Dispose();
    }

    private static async Task TamperAsync(string directory, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "portal.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = $"drop trigger audit_entries_are_not_changed; drop trigger audit_entries_are_not_deleted; {sql}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task PrepareAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!_prepared)
            {
                Directory.CreateDirectory(Template);
                await using (var services = TestDatabase.Services(Settings(Template)))
                {
                    await services.GetRequiredService<DatabaseMigration>().RunAsync(CancellationToken.None);
                }

                SqliteConnection.ClearAllPools();
                _prepared = true;
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
