using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Takes a certificate back; the next revocation list says so, and is signed at once.</summary>
public sealed class CertificateRevocation
{
    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    private readonly LiveSessions _sessions;

    internal CertificateRevocation(PortalDatabase database, LiveSessions sessions, TimeProvider clock) => (_database, _sessions, _clock) = (database, sessions, clock);

    /// <summary>Because another has its place.</summary>
    /// <returns>False when there is none of this id that could be taken back; an authority's cannot.</returns>
    public async Task<bool> SupersedeAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var certificate = await db.Certificates.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.Id == id && one.OwnerId != null && one.State == CertificateState.Issued, cancellationToken);
        if (certificate is null)
        {
            return false;
        }

        Revoke(db, actor, certificate, CrlReason.Superseded, _clock.GetUtcNow());
        await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.SignRevocationList, actor.Organisation.Value, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    internal static void Revoke(PortalDbContext db, Actor actor, Certificate certificate, CrlReason reason, DateTimeOffset now)
    {
        certificate.Revoke(reason, now);
        db.Record(new AuditEvent(actor, AuditAction.CertificateRevoked, certificate.Id.Value, new Dictionary<string, string> { ["reason"] = reason.ToString() }));
    }
}
