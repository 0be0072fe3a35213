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
    public sealed record Unusable(CertificateSuitability Reason, DateTimeOffset NotAfter, bool Inside) : RecipientCertificateFinding;

    public sealed record Missing(bool Inside) : RecipientCertificateFinding;
}

/// <summary>Whether mail can be encrypted for a certificate now; and if not, why.</summary>
public enum CertificateSuitability
{
    Suitable,

    /// <summary>Its holder has another in its place: its key opens what was encrypted for it, and nothing new.</summary>
    Former,

    Expired,
    NotYetValid,
    Revoked,
    RevocationUnknown,
    Untrusted,
}

/// <param name="Row">As it is stored.</param>
/// <param name="Certificate">Read.</param>
/// <param name="Suitability">Now.</param>
internal sealed record RecipientCandidate(Certificate Row, X509Certificate2 Certificate, CertificateSuitability Suitability);

/// <param name="Candidates">The first suitable one is chosen: the longest valid, then the newest; after them what was only handed in, and former ones last.</param>
/// <param name="Inside">The address is a mailbox of this portal.</param>
internal sealed record RecipientCandidates(IReadOnlyList<RecipientCandidate> Candidates, bool Inside)
{
    public RecipientCandidate? Chosen => Candidates.FirstOrDefault(one => one.Suitability == CertificateSuitability.Suitable);
}

/// <summary>Finds a certificate for an address: our own people's first, then what correspondents have shown us, then what directories say.</summary>
internal sealed class RecipientCertificates(
    PortalDatabase database, IDirectory directory, TrustStores trustStores, LdapDirectories directories, CorrespondentKeeping keeping, TimeProvider clock)
{
    private const int MostCandidates = 10;

    public async Task<RecipientCertificateFinding> FindAsync(OrganisationId organisation, AddrSpec address, CancellationToken cancellationToken)
    {
        var found = await CandidatesAsync(organisation, address, cancellationToken);
        if (found.Chosen is { } chosen)
        {
            var capabilities = chosen.Row.Capabilities?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return new RecipientCertificateFinding.Found(chosen.Certificate, capabilities, found.Inside);
        }

        if (found.Candidates is not [var first, ..])
        {
            return new RecipientCertificateFinding.Missing(found.Inside);
        }

        if (!found.Inside && first.Suitability == CertificateSuitability.RevocationUnknown)
        {
            await AskAsync(organisation, first.Row.Id, cancellationToken);
        }

        return new RecipientCertificateFinding.Unusable(first.Suitability, first.Row.NotAfter, found.Inside);
    }

    /// <summary>With those of directories, where none that is known will do.</summary>
    public async Task<RecipientCandidates> CandidatesAsync(OrganisationId organisation, AddrSpec address, CancellationToken cancellationToken)
    {
        var place = await directory.FindMailboxAsync(AddressKey.Of(address), organisation, cancellationToken);
        var known = await KnownAsync(organisation, place?.Organisation, address, cancellationToken);
        if (place is not null || known.Chosen is not null)
        {
            return known;
        }

        var kept = 0;
        foreach (var certificate in await directories.FindAsync(organisation, address, cancellationToken))
        {
            kept += await keeping.KeepAsync(organisation, address, certificate, [], CertificateSource.Directory, cancellationToken) is KeptCorrespondent.Kept ? 1 : 0;
        }

        return kept > 0 ? await KnownAsync(organisation, null, address, cancellationToken) : known;
    }

    /// <summary>Of somebody outside; no directory is asked.</summary>
    public Task<RecipientCandidates> KnownOutsideAsync(OrganisationId organisation, AddrSpec address, CancellationToken cancellationToken) =>
        KnownAsync(organisation, null, address, cancellationToken);

    private async Task<RecipientCandidates> KnownAsync(OrganisationId organisation, OrganisationId? inside, AddrSpec address, CancellationToken cancellationToken)
    {
        var (key, holder) = (AddressKey.Of(address), inside ?? organisation);
        var kind = inside is null ? CertificateKind.Correspondent : CertificateKind.Encryption;
        List<(Certificate Row, bool IsFormer)> found;
        await using (var db = await database.ReadAsync(holder, cancellationToken))
        {
            var rows = await db.Certificates
                .Where(one => one.OrganisationId == holder && one.Address == key && one.Kind == kind && one.Encoded != null)
                .Select(one => new { Row = one, IsFormer = db.ManagedKeys.Any(managed => managed.Id == one.KeyId && managed.ReplacedAt != null) })
                .OrderBy(one => one.IsFormer)
                .ThenBy(one => one.Row.Source == CertificateSource.HandedIn)
                .ThenByDescending(one => one.Row.NotAfter)
                .ThenByDescending(one => one.Row.CreatedAt)
                .Take(MostCandidates)
                .ToListAsync(cancellationToken);
            found = rows.ConvertAll(one => (one.Row, one.IsFormer));
        }

        if (found.Count == 0)
        {
            return new RecipientCandidates([], inside is not null);
        }

        var trust = await trustStores.OfAsync(holder, TrustPurpose.Encryption, cancellationToken);
        return new RecipientCandidates(found.ConvertAll(one => Judge(one.Row, one.IsFormer, trust)), inside is not null);
    }

    private RecipientCandidate Judge(Certificate row, bool isFormer, TrustStore trust)
    {
        var certificate = SharedCertificates.Load(row.Encoded!);
        var suitability = SuitabilityOf(PathValidator.Validate(certificate, trust, [], clock.GetUtcNow()));
        return new RecipientCandidate(row, certificate, isFormer && suitability == CertificateSuitability.Suitable ? CertificateSuitability.Former : suitability);
    }

    internal static CertificateSuitability SuitabilityOf(PathValidation validation) => validation switch
    {
        PathValidation.Valid => CertificateSuitability.Suitable,
        PathValidation.Revoked => CertificateSuitability.Revoked,
        PathValidation.Invalid { Failure: PathFailure.Expired } => CertificateSuitability.Expired,
        PathValidation.Invalid { Failure: PathFailure.NotYetValid } => CertificateSuitability.NotYetValid,
        PathValidation.Invalid { Failure: PathFailure.RevocationUnknown } => CertificateSuitability.RevocationUnknown,
        _ => CertificateSuitability.Untrusted,
    };

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
}
