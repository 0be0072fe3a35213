using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Dkim;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Application.Domains;

/// <summary>Signs final bytes in the name of their From's domain, where the organisation has a key that signs.</summary>
internal sealed class OutgoingSignatures(PortalDatabase database, KeyBroker.KeyBroker broker, TimeProvider clock)
{
    /// <param name="organisation">Whose mail.</param>
    /// <param name="from">The address in its From.</param>
    /// <param name="message">Final bytes, seekable; not disposed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message with its signature before it, and what has to be on record with it; null where nothing signs.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<(Spool Message, IReadOnlyCollection<AuditEvent> KeyUses)?> SignAsync(
        OrganisationId organisation, string from, Stream message, CancellationToken cancellationToken)
    {
        var domain = from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        if (await FindAsync(organisation, domain, cancellationToken) is not var (selector, keyId))
        {
            return null;
        }

        var actor = new Actor.Portal(organisation, "dkim");
        if (await broker.GrantAsync(actor, keyId, KeyTask.SignForDomain, cancellationToken) is not KeyGrant.Granted granted)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, "The domain's key may not be used.");
        }

        var field = await DkimSignature.WriteAsync(message, new DkimSigner(domain, selector, granted.Key), clock.GetUtcNow(), cancellationToken);
        var signed = new Spool();
        await signed.WriteAsync(field, cancellationToken);
        message.Position = 0;
        await message.CopyToAsync(signed, cancellationToken);
        await signed.CompleteAsync(cancellationToken);
        return (signed, granted.Key.Outcomes);
    }

    private async Task<(string Selector, ManagedKeyId Key)?> FindAsync(OrganisationId organisation, string domain, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var key = await db.DomainKeys
            .Where(one => one.OrganisationId == organisation && one.State == DomainKeyState.Signing)
            .Where(one => db.OrganisationDomains.Any(claim => claim.Id == one.DomainId && claim.Name == domain && claim.ProvedAt != null))
            .OrderByDescending(one => one.SigningSince)
            .FirstOrDefaultAsync(cancellationToken);
        return key is null ? null : (key.Selector, key.KeyId);
    }
}
