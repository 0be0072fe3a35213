using Microsoft.EntityFrameworkCore;
using Portal.Application;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

internal sealed class SqliteDbContexts(DbContextOptions<SqliteDbContext> options, MailboxNews news, WorkBell bell, TimeProvider clock) : IPortalDbContexts
{
    /// <summary>Which migrations have been applied.</summary>
    public const string History = "migrations";

    public static DbContextOptions<SqliteDbContext> Options(string connectionString) =>
        new DbContextOptionsBuilder<SqliteDbContext>()
            .UseSqlite(connectionString, sqlite => sqlite.MigrationsHistoryTable(History))
            .AddInterceptors(new VersionCounting(), new SqliteConnectionSettings())
            .Options;

    public PortalDbContext Create() => new SqliteDbContext(options, news, bell, clock);
}
