using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Database;

/// <summary>Counts a row's concurrency token with every change, so that who saves second is told.</summary>
internal sealed class VersionCounting : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Count(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    private static void Count(DbContext db)
    {
        foreach (var entry in db.ChangeTracker.Entries().Where(one => one.State == EntityState.Modified))
        {
            foreach (var property in entry.Properties.Where(one => one.Metadata.IsConcurrencyToken && one.Metadata.ClrType == typeof(long)))
            {
                property.CurrentValue = (long)property.OriginalValue! + 1;
            }
        }
    }
}
