using Microsoft.EntityFrameworkCore;

namespace Portal.Application;

/// <summary>The only way to rows: every operation, reads too, is a transaction that names its organisation first.</summary>
internal sealed class PortalDatabase(IPortalDbContexts contexts)
{
    public Task<PortalDbContext> ReadAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        BeginAsync(organisation, QueryTrackingBehavior.NoTracking, cancellationToken);

    public Task<PortalDbContext> WriteAsync(OrganisationId organisation, CancellationToken cancellationToken) =>
        BeginAsync(organisation, QueryTrackingBehavior.TrackAll, cancellationToken);

    /// <summary>For the few tables that belong to no organisation: the installation, its protection keys, software keys sealed under the master key.</summary>
    public Task<PortalDbContext> InstallationAsync(CancellationToken cancellationToken) =>
        BeginAsync(null, QueryTrackingBehavior.TrackAll, cancellationToken);

    /// <summary>The same tables, waiting for nobody who writes.</summary>
    public Task<PortalDbContext> ReadInstallationAsync(CancellationToken cancellationToken) =>
        BeginAsync(null, QueryTrackingBehavior.NoTracking, cancellationToken);

    private async Task<PortalDbContext> BeginAsync(
        OrganisationId? organisation, QueryTrackingBehavior tracking, CancellationToken cancellationToken)
    {
        var db = contexts.Create();
        try
        {
            db.ChangeTracker.QueryTrackingBehavior = tracking;
            await (organisation is null ? db.BeginInstallationAsync(cancellationToken) : db.BeginAsync(organisation, cancellationToken));
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }
}
