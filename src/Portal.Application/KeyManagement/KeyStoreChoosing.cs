using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;

namespace Portal.Application.KeyManagement;

/// <summary>Which store holds an organisation's new keys.</summary>
public sealed class KeyStoreChoosing
{
    private readonly PortalDatabase _database;
    private readonly ConfiguredKeyStores _stores;

    private readonly LiveSessions _sessions;

    internal KeyStoreChoosing(PortalDatabase database, ConfiguredKeyStores stores, LiveSessions sessions) => (_database, _stores, _sessions) = (database, stores, sessions);

    /// <summary>Names of those that can be chosen.</summary>
    public IReadOnlyList<string> Offered => _stores.Names;

    public async Task<KeyStoreChoice> ReadAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).KeyStores;
    }

    /// <returns>False for a store that is not configured.</returns>
    public async Task<bool> ChangeAsync(Actor actor, KeyStoreChoice choice, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageOrganisation, cancellationToken);
        if (new[] { choice.Own, choice.Signing, choice.Opening }.Except(_stores.Names).Any())
        {
            return false;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Choose(choice);
        db.Record(new AuditEvent(actor, AuditAction.KeyStoresChosen, actor.Organisation.Value, new Dictionary<string, string>
        {
            ["own"] = choice.Own,
            ["signing"] = choice.Signing,
            ["opening"] = choice.Opening,
        }));
        await db.CommitAsync(cancellationToken);
        return true;
    }
}
