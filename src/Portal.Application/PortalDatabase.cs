using Microsoft.EntityFrameworkCore;

namespace Portal.Application;

/// <summary>The only way to rows: every operation, reads too, is a transaction that names its organisation first.</summary>
internal sealed class PortalDatabase(IPortalDbContexts contexts)
{
    public async Task<PortalDbContext> ReadAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var db = contexts.Create();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        await db.BeginAsync(organisation, cancellationToken);
        return db;
    }

    public async Task<PortalDbContext> WriteAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var db = contexts.Create();
        await db.BeginAsync(organisation, cancellationToken);
        return db;
    }

    /// <summary>For the few tables that belong to no organisation: the installation, its protection keys, software keys sealed under the master key.</summary>
    public async Task<PortalDbContext> InstallationAsync(CancellationToken cancellationToken)
    {
        var db = contexts.Create();
        await db.BeginAsync(null, cancellationToken);
        return db;
    }
}
