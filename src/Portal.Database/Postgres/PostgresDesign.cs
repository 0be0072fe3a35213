using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace Portal.Database.Postgres;

/// <summary>For dotnet-ef, which compares models and connects to nothing.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresDbContext>
{
    public PostgresDbContext CreateDbContext(string[] args) =>
        new(PostgresDbContexts.OwnerOptions(new NpgsqlConnection("Host=localhost;Database=portal")), TimeProvider.System);
}
