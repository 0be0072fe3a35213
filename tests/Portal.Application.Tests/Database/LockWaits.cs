using Microsoft.EntityFrameworkCore;
using Portal.Application.Tests.Portals;

namespace Portal.Application.Tests.Database;

internal static class LockWaits
{
    /// <summary>Until some transaction on this PostgreSQL database waits for another.</summary>
    public static Task UntilOneWaitsAsync(PortalDatabase database, OrganisationId organisation) => ManyAccounts.UntilAsync(
        async () =>
        {
            await using var db = await database.ReadAsync(organisation, CancellationToken.None);
            return await db.Database
                .SqlQuery<bool>($"select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as \"Value\"")
                .SingleAsync();
        },
        "one transaction waits for another");
}
