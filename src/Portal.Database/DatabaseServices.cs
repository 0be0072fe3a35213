using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Portal.Application;
using Portal.Application.Backups;
using Portal.Application.Checks;
using Portal.Application.Notifications;
using Portal.Application.Work;
using Portal.Database.Postgres;
using Portal.Database.Sqlite;

namespace Portal.Database;

public static class DatabaseServices
{
    /// <exception cref="DatabaseNotReadyException">A setting is missing or makes no sense.</exception>
    public static IServiceCollection AddPortalDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var options = DatabaseOptions.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MailboxNews>();
        services.TryAddSingleton<WorkBell>();
        services.AddSingleton(options);
        return options.Provider switch
        {
            DatabaseProvider.Sqlite => AddSqlite(services, options),
            DatabaseProvider.Postgres => AddPostgres(services, options),
        };
    }

    private static IServiceCollection AddSqlite(IServiceCollection services, DatabaseOptions options) => services
        .AddSingleton(SqliteDbContexts.Options(options.ConnectionString))
        .AddSingleton<IPortalDbContexts, SqliteDbContexts>()
        .AddSingleton<IDirectory, SqliteDirectory>()
        .AddSingleton<IWorkClaims, SqliteWorkClaims>()
        .AddSingleton<IDatabaseBackup, SqliteBackup>()
        .AddSingleton<IDatabaseInspection, SqliteInspection>()
        .AddSingleton<IWorkBacklogs, SqliteWorkBacklogs>()
        .AddSingleton<DatabaseMigration, SqliteMigration>();

    private static IServiceCollection AddPostgres(IServiceCollection services, DatabaseOptions options) => services
        .AddSingleton(_ => NpgsqlDataSource.Create(options.ConnectionString))
        .AddSingleton(provider => PostgresDbContexts.Options(provider.GetRequiredService<NpgsqlDataSource>()))
        .AddSingleton<IPortalDbContexts, PostgresDbContexts>()
        .AddSingleton<IDirectory, PostgresDirectory>()
        .AddSingleton<IWorkClaims, PostgresWorkClaims>()
        .AddSingleton<PostgresTools>()
        .AddSingleton<IDatabaseBackup, PostgresBackup>()
        .AddSingleton<IDatabaseInspection, PostgresInspection>()
        .AddSingleton<IWorkBacklogs, PostgresWorkBacklogs>()
        .AddSingleton<DatabaseMigration, PostgresMigration>()
        .AddHostedService<PostgresNewsListener>();
}
