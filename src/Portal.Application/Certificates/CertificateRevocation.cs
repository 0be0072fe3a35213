using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Why a certificate is taken back for good (RFC 5280 §5.3.1, as far as a person's goes).</summary>
public enum RevocationCause
{
    Unspecified,

    /// <summary>Somebody else has, or had, its private key.</summary>
    KeyCompromise,

    /// <summary>Name or address are not the holder's any more.</summary>
    AffiliationChanged,

    /// <summary>Another has its place.</summary>
    Superseded,

    /// <summary>Nobody needs it any more.</summary>
    CessationOfOperation,

    /// <summary>The holder may not have it any more.</summary>
    PrivilegeWithdrawn,
}

public abstract record CertificateStanding
{
    public sealed record Done : CertificateStanding;

    /// <summary>There is none of this id of which this could be said; an authority's cannot be taken back here.</summary>
    public sealed record NotPossible : CertificateStanding;

    /// <summary>The certificate is suspended, and its key is stopped here; its store did not hear of it. Or it did not let the key go again.</summary>
    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : CertificateStanding;
}

/// <summary>Takes people's certificates back, for good or for a while; the next revocation list says so, and is signed at once.</summary>
public sealed class CertificateRevocation
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly LiveSessions _sessions;
    private readonly TimeProvider _clock;

    internal CertificateRevocation(PortalDatabase database, KeyBroker.KeyBroker broker, LiveSessions sessions, TimeProvider clock) =>
        (_database, _broker, _sessions, _clock) = (database, broker, sessions, clock);

    /// <summary>For good; one that is suspended as well.</summary>
    public async Task<CertificateStanding> RevokeAsync(Actor actor, CertificateId id, RevocationCause cause, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        return await ChangedAsync(actor, id, row => row.IsGood || row.IsHeld, (db, row, now) => Revoke(db, actor, row, Reason(cause), now), cancellationToken) is null
            ? new CertificateStanding.NotPossible()
            : new CertificateStanding.Done();
    }

    /// <summary>Until it is resumed (certificateHold); what it certifies is stopped in the key broker meanwhile.</summary>
    public async Task<CertificateStanding> SuspendAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var suspended = await ChangedAsync(
            actor,
            id,
            row => row.IsGood,
            (db, row, now) =>
            {
                row.Revoke(CrlReason.CertificateHold, now);
                db.Record(new AuditEvent(actor, AuditAction.CertificateSuspended, id.Value));
            },
            cancellationToken);
        return suspended is null ? new CertificateStanding.NotPossible() : await SwitchedAsync(suspended.KeyId, key => _broker.DisableAsync(actor, key, cancellationToken));
    }

    public async Task<CertificateStanding> ResumeAsync(Actor actor, CertificateId id, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        var resumed = await ChangedAsync(
            actor,
            id,
            row => row.IsHeld,
            (db, row, now) =>
            {
                row.Resume(now);
                db.Record(new AuditEvent(actor, AuditAction.CertificateResumed, id.Value));
            },
            cancellationToken);
        return resumed is null ? new CertificateStanding.NotPossible() : await SwitchedAsync(resumed.KeyId, key => _broker.EnableAsync(actor, key, cancellationToken));
    }

    internal static void Revoke(PortalDbContext db, Actor actor, Certificate certificate, CrlReason reason, DateTimeOffset now)
    {
        certificate.Revoke(reason, now);
        db.Record(new AuditEvent(actor, AuditAction.CertificateRevoked, certificate.Id.Value, new Dictionary<string, string> { ["reason"] = reason.ToString() }));
    }

    private static CrlReason Reason(RevocationCause cause) => cause switch
    {
        RevocationCause.Unspecified => CrlReason.Unspecified,
        RevocationCause.KeyCompromise => CrlReason.KeyCompromise,
        RevocationCause.AffiliationChanged => CrlReason.AffiliationChanged,
        RevocationCause.Superseded => CrlReason.Superseded,
        RevocationCause.CessationOfOperation => CrlReason.CessationOfOperation,
        RevocationCause.PrivilegeWithdrawn => CrlReason.PrivilegeWithdrawn,
    };

    private async Task<Certificate?> ChangedAsync(
        Actor actor, CertificateId id, Func<Certificate, bool> isPossible, Action<PortalDbContext, Certificate, DateTimeOffset> change, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.Certificates.SingleOrDefaultAsync(
            one => one.OrganisationId == actor.Organisation && one.Id == id && one.OwnerId != null, cancellationToken);
        if (row is null || !isPossible(row))
        {
            return null;
        }

        change(db, row, _clock.GetUtcNow());
        await WorkQueue.DueNowAsync(db, actor.Organisation, WorkKind.SignRevocationList, actor.Organisation.Value, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return row;
    }

    // A key that the person has elsewhere has no switch here.
    private static async Task<CertificateStanding> SwitchedAsync(ManagedKeyId? id, Func<ManagedKeyId, Task<bool>> turn)
    {
        try
        {
            _ = id is { } key && await turn(key);
            return new CertificateStanding.Done();
        }
        catch (KeyStoreException exception)
        {
            return new CertificateStanding.StoreAway(exception.Message);
        }
    }
}
