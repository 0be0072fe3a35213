using Microsoft.EntityFrameworkCore.Design;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Sqlite;

/// <summary>For dotnet-ef, which compares models and opens nothing.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteDbContext>
{
    public SqliteDbContext CreateDbContext(string[] args) =>
        new(SqliteDbContexts.Options("Data Source=:memory:"), new MailboxNews(), new WorkBell(), TimeProvider.System);
}
