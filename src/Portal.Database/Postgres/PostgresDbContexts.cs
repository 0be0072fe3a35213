using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Portal.Application;

namespace Portal.Database.Postgres;

internal sealed class PostgresDbContexts(DbContextOptions<PostgresDbContext> options, TimeProvider clock) : IPortalDbContexts
{
    /// <summary>Which migrations have been applied.</summary>
    public const string History = "migrations";

    public static DbContextOptions<PostgresDbContext> Options(NpgsqlDataSource source) =>
        new DbContextOptionsBuilder<PostgresDbContext>().UseNpgsql(source, Configure).AddInterceptors(new VersionCounting()).Options;

    /// <summary>As the owner, for migrations.</summary>
    public static DbContextOptions<PostgresDbContext> OwnerOptions(NpgsqlConnection connection) =>
        new DbContextOptionsBuilder<PostgresDbContext>()
            .UseNpgsql(connection, npgsql => Configure(npgsql.CommandTimeout((int)TimeSpan.FromMinutes(10).TotalSeconds)))
            .Options;

    public PortalDbContext Create() => new PostgresDbContext(options, clock);

    // Npgsql's own strategy would not retry either, but wrap what happened in advice to do so: a transaction of ours is not repeatable.
    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql) => npgsql
        .MigrationsHistoryTable(History)
        .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));
}
