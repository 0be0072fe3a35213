using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <param name="Id">The certificate.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="IsCurrent">It is used for new mail; the others open what was meant for them.</param>
/// <param name="Issuer">Name of its authority.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal.</param>
/// <param name="NotBefore">Begin of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Condition">Whether it may be relied on.</param>
/// <param name="IsRenewed">By itself, before it ends; what another authority issued is not.</param>
/// <param name="IsElsewhere">Its key is not here; the person has it in other software.</param>
public sealed record OwnCertificate(
    CertificateId Id,
    CertificateKind Kind,
    bool IsCurrent,
    string Issuer,
    string SerialNumber,
    string Fingerprint,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    CertificateCondition Condition,
    bool IsRenewed,
    bool IsElsewhere);

public abstract record OwnReplacing
{
    public sealed record Done : OwnReplacing;

    /// <summary>They are of today.</summary>
    public sealed record TooSoon : OwnReplacing;

    /// <summary>Somebody has stopped the key or taken its certificate back; only a manager of certificates may go on.</summary>
    public sealed record NotAllowed : OwnReplacing;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : OwnReplacing;
}

/// <summary>A person's own certificates.</summary>
public sealed class OwnCertificates
{
    /// <summary>Whoever has one that is not renewed by itself is told so long before its end.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    private readonly PortalDatabase _database;
    private readonly KeyReplacing _replacing;
    private readonly LiveSessions _sessions;
    private readonly TimeProvider _clock;

    internal OwnCertificates(PortalDatabase database, KeyReplacing replacing, LiveSessions sessions, TimeProvider clock) =>
        (_database, _replacing, _sessions, _clock) = (database, replacing, sessions, clock);

    /// <returns>The current ones first, then the newest.</returns>
    public async Task<IReadOnlyList<OwnCertificate>> ListAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.UseMail);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var keys = db.ManagedKeys.Where(key => key.OwnerId == actor.Account && key.DestroyedAt == null);
        var found = await db.Certificates
            .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && one.Encoded != null)
            .Where(one => one.Kind == CertificateKind.Signing || one.Kind == CertificateKind.Encryption)
            .Where(one => one.KeyId == null || keys.Any(key => key.Id == one.KeyId))
            .Select(one => new { Certificate = one, IsCurrent = keys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null) })
            .ToListAsync(cancellationToken);
        return [.. found
            .Select(one => View(one.Certificate, one.IsCurrent, now))
            .OrderByDescending(one => one.IsCurrent)
            .ThenBy(one => one.IsCurrent ? one.Kind : default)
            .ThenByDescending(one => one.NotAfter)];
    }

    /// <returns>DER; null for what is not theirs.</returns>
    public async Task<byte[]?> FileAsync(Actor.Person actor, CertificateId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.UseMail);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        return await db.Certificates
            .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && one.Id == id)
            .Select(one => one.Encoded)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>New keys and certificates of the organisation's own authority in the place of the current ones; once a day.</summary>
    public async Task<OwnReplacing> ReplaceAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.UseMail, cancellationToken);
        var since = _clock.GetUtcNow() - Rest;
        List<ManagedKey> keys;
        bool isTakenBack;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            keys = await db.ManagedKeys
                .Where(one => one.OrganisationId == actor.Organisation && one.OwnerId == actor.Account && one.ReplacedAt == null && one.DestroyedAt == null)
                .Where(one => one.Purpose == KeyPurpose.SignMessage || one.Purpose == KeyPurpose.OpenMessage)
                .Where(one => !db.Certificates.Any(certificate => certificate.KeyId == one.Id && certificate.State == CertificateState.Requested))
                .ToListAsync(cancellationToken);
            var current = keys.ConvertAll(one => (ManagedKeyId?)one.Id);
            isTakenBack = await db.Certificates.AnyAsync(
                one => one.OrganisationId == actor.Organisation && current.Contains(one.KeyId) && one.State == CertificateState.Revoked, cancellationToken);
        }

        if (isTakenBack || keys.Exists(one => one.DisabledAt is not null))
        {
            return new OwnReplacing.NotAllowed();
        }

        if (keys.Exists(one => one.CreatedAt > since))
        {
            return new OwnReplacing.TooSoon();
        }

        foreach (var key in keys)
        {
            switch (await _replacing.ReplaceOwnAsync(actor, key, cancellationToken))
            {
                case KeyReplaced.NotReplaceable:
                    return new OwnReplacing.NotAllowed();
                case KeyReplaced.StoreAway away:
                    return new OwnReplacing.StoreAway(away.Words);
            }
        }

        return new OwnReplacing.Done();
    }

    private static OwnCertificate View(Certificate row, bool isCurrent, DateTimeOffset now)
    {
        var certificate = SharedCertificates.Load(row.Encoded!);
        return new OwnCertificate(
            row.Id,
            row.Kind,
            isCurrent,
            PlainText.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
            row.SerialNumber,
            certificate.GetCertHashString(HashAlgorithmName.SHA256),
            row.NotBefore,
            row.NotAfter,
            row.ConditionAt(now),
            row.IssuerId is not null && row.KeyId is not null,
            row.KeyId is null);
    }
}
