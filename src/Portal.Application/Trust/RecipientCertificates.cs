using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Work;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Whether mail to an address can be encrypted.</summary>
internal abstract record RecipientCertificateFinding
{
    /// <param name="Certificate">To encrypt for.</param>
    /// <param name="Capabilities">Object identifiers of what the holder's software can read, best first; none when unknown.</param>
    /// <param name="Inside">The address is a mailbox of this portal.</param>
    public sealed record Found(X509Certificate2 Certificate, IReadOnlyList<string> Capabilities, bool Inside) : RecipientCertificateFinding;

    /// <param name="Reason">Why the only certificates that we know must not be used.</param>
    /// <param name="NotAfter">Of the newest one.</param>
    /// <param name="Inside">The address is a mailbox of this portal.</param>
    public sealed record Unusable(UnusableReason Reason, DateTimeOffset NotAfter, bool Inside) : RecipientCertificateFinding;

    public sealed record Missing(bool Inside) : RecipientCertificateFinding;
}

internal enum UnusableReason
{
    Expired,
    NotYetValid,
    Revoked,
    RevocationUnknown,
    Untrusted,
}

/// <summary>Finds a certificate for an address: our own people's first, then what correspondents have shown us.</summary>
internal sealed class RecipientCertificates(PortalDatabase database, IDirectory directory, TrustStores trustStores, TimeProvider clock)
{
    public async Task<RecipientCertificateFinding> FindAsync(OrganisationId organisation, AddrSpec address, CancellationToken cancellationToken)
    {
        var key = AddressKey.Of(address);
        var place = await directory.FindMailboxAsync(key, organisation, cancellationToken);
        var holder = place?.Organisation ?? organisation;
        var kind = place is null ? CertificateKind.Correspondent : CertificateKind.Encryption;
        List<Certificate> candidates;
        await using (var db = await database.ReadAsync(holder, cancellationToken))
        {
            candidates = await db.Certificates
                .Where(one => one.OrganisationId == holder && one.Address == key && one.Kind == kind && one.Encoded != null)
                .OrderBy(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt != null))
                .ThenByDescending(one => one.NotAfter)
                .ThenByDescending(one => one.CreatedAt)
                .Take(MostCandidates)
                .ToListAsync(cancellationToken);
        }

        if (candidates.Count == 0)
        {
            return new RecipientCertificateFinding.Missing(place is not null);
        }

        var found = Choose(candidates, await trustStores.OfAsync(holder, TrustPurpose.Encryption, cancellationToken), place is not null);
        if (place is null && found is RecipientCertificateFinding.Unusable { Reason: UnusableReason.RevocationUnknown })
        {
            await AskAsync(organisation, candidates[0].Id, cancellationToken);
        }

        return found;
    }

    // The worker does, and the next look finds what it found.
    private async Task AskAsync(OrganisationId organisation, CertificateId certificate, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        if (!await db.WorkItems.AnyAsync(one => one.OrganisationId == organisation && one.Kind == WorkKind.GatherForCertificate && one.Subject == certificate.Value, cancellationToken))
        {
            WorkQueue.Enqueue(db, organisation, WorkKind.GatherForCertificate, certificate.Value, await db.NowAsync(cancellationToken));
            try
            {
                await db.CommitAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Somebody else has asked.
            }
        }
    }

    private const int MostCandidates = 10;

    private RecipientCertificateFinding Choose(List<Certificate> candidates, TrustStore trust, bool inside)
    {
        RecipientCertificateFinding.Unusable? first = null;
        foreach (var candidate in candidates)
        {
            var certificate = SharedCertificates.Load(candidate.Encoded!);
            var validation = PathValidator.Validate(certificate, trust, [], clock.GetUtcNow());
            if (validation is PathValidation.Valid)
            {
                var capabilities = candidate.Capabilities?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
                return new RecipientCertificateFinding.Found(certificate, capabilities, inside);
            }

            first ??= new RecipientCertificateFinding.Unusable(Reason(validation), candidate.NotAfter, inside);
        }

        return first!;
    }

    private static UnusableReason Reason(PathValidation validation) => validation switch
    {
        PathValidation.Revoked => UnusableReason.Revoked,
        PathValidation.Invalid { Failure: PathFailure.Expired } => UnusableReason.Expired,
        PathValidation.Invalid { Failure: PathFailure.NotYetValid } => UnusableReason.NotYetValid,
        PathValidation.Invalid { Failure: PathFailure.RevocationUnknown } => UnusableReason.RevocationUnknown,
        _ => UnusableReason.Untrusted,
    };
}
