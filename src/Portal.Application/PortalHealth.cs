using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Keys;

namespace Portal.Application;

/// <summary>Whether this node can do its work now.</summary>
public sealed class PortalHealth
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;

    internal PortalHealth(PortalDatabase database, KeyBroker.KeyBroker broker) => (_database, _broker) = (database, broker);

    /// <summary>The database and the key stores answer.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using (var db = await _database.InstallationAsync(cancellationToken))
            {
                await db.Installations.AnyAsync(cancellationToken);
            }

            await _broker.CheckAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is DbException or KeyStoreException or InvalidOperationException)
        {
            return false;
        }
    }
}
