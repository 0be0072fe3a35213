using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application;

/// <summary>Whether this node can do its work now.</summary>
public sealed class PortalHealth
{
    private readonly PortalDatabase _database;
    private readonly ConfiguredKeyStores _stores;

    internal PortalHealth(PortalDatabase database, ConfiguredKeyStores stores) => (_database, _stores) = (database, stores);

    /// <summary>
    /// The database answers, and the key store with the installation's own keys. Where another one does not, what is
    /// there can be read and written, and mail waits: no reason to send people away.
    /// </summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using (var db = await _database.InstallationAsync(cancellationToken))
            {
                await db.Installations.AnyAsync(cancellationToken);
            }

            await _stores.CheckAsync(_stores.DefaultName, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is DbException or KeyStoreException or InvalidOperationException)
        {
            return false;
        }
    }
}
