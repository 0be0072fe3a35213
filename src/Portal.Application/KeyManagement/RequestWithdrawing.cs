using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.KeyManagement;

/// <summary>Requests to other authorities that are not waited for any more.</summary>
internal sealed class RequestWithdrawing(PortalDatabase database, KeyBroker.KeyBroker broker)
{
    /// <summary>Its key is destroyed: if the authority answers after all, the answer is for nothing.</summary>
    /// <returns>The store's words, when it did not destroy the key; the request is withdrawn all the same.</returns>
    public async Task<string?> WithdrawAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        ManagedKey key;
        await using (var db = await database.WriteAsync(actor.Organisation, cancellationToken))
        {
            if (await db.Certificates.SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Id == id && one.State == CertificateState.Requested, cancellationToken) is not { } row)
            {
                return null;
            }

            key = await db.ManagedKeys.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == row.KeyId, cancellationToken);
            db.Certificates.Remove(row);
            db.Record(new AuditEvent(actor, AuditAction.CertificateRequestWithdrawn, id.Value));
            await db.CommitAsync(cancellationToken);
        }

        try
        {
            await broker.DestroyAsync(new Actor.Portal(actor.Organisation, "enrolment"), key, cancellationToken);
            return null;
        }
        catch (KeyStoreException exception)
        {
            return exception.Message;
        }
    }
}
