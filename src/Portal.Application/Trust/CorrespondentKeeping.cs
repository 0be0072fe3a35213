using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>What became of a correspondent's certificate.</summary>
internal abstract record KeptCorrespondent
{
    public sealed record Kept(CertificateId Id) : KeptCorrespondent;

    /// <summary>It does not vouch for the address.</summary>
    public sealed record OtherAddress : KeptCorrespondent;

    /// <summary>Nobody can encrypt for it: its usage, key or age.</summary>
    public sealed record Unfit : KeptCorrespondent;

    /// <summary>No path to an authority that the organisation trusts for this, or somebody on it was revoked.</summary>
    public sealed record NotTrusted : KeptCorrespondent;
}

/// <summary>Whether a correspondent's certificate may be kept.</summary>
internal abstract record ExaminedCorrespondent
{
    /// <param name="Above">Of those that came with it, the ones that stand on its path.</param>
    public sealed record Fit(IReadOnlyList<X509Certificate2> Above) : ExaminedCorrespondent;

    /// <summary>It does not vouch for the address.</summary>
    public sealed record OtherAddress : ExaminedCorrespondent;

    /// <summary>Nobody can encrypt for it.</summary>
    public sealed record Unfit(IReadOnlyList<CertificateFlaw> Flaws) : ExaminedCorrespondent;

    /// <summary>No path to an authority that the organisation trusts for this, or somebody on it was revoked.</summary>
    public sealed record NotTrusted(PathValidation Path) : ExaminedCorrespondent;
}

/// <summary>The one way by which somebody else's certificate comes to be used, wherever it is from.</summary>
internal sealed class CorrespondentKeeping(PortalDatabase database, TrustStores trustStores, Gathering gathering, TimeProvider clock)
{
    /// <param name="organisation">Whose correspondent.</param>
    /// <param name="address">Of the holder.</param>
    /// <param name="certificate">To encrypt for.</param>
    /// <param name="between">That may stand above it.</param>
    /// <param name="source">Where it is from.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="capabilities">Of the holder's software, and when it said so; null where nothing is said.</param>
    /// <param name="actor">Who brought it; null for the portal.</param>
    public async Task<KeptCorrespondent> KeepAsync(
        OrganisationId organisation,
        AddrSpec address,
        X509Certificate2 certificate,
        IReadOnlyList<X509Certificate2> between,
        CertificateSource source,
        CancellationToken cancellationToken,
        (string Capabilities, DateTimeOffset SignedAt)? capabilities = null,
        Actor? actor = null)
    {
        switch (await ExamineAsync(organisation, address, certificate, between, cancellationToken))
        {
            case ExaminedCorrespondent.OtherAddress:
                return new KeptCorrespondent.OtherAddress();
            case ExaminedCorrespondent.Unfit:
                return new KeptCorrespondent.Unfit();
            case ExaminedCorrespondent.NotTrusted:
                return new KeptCorrespondent.NotTrusted();
        }

        await gathering.KeepAsync(organisation, between, cancellationToken);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var key = AddressKey.Of(address);
        var known = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Address == key && one.Kind == CertificateKind.Correspondent)
            .ToListAsync(cancellationToken);
        var kept = known.Find(one => one.Encoded.AsSpan().SequenceEqual(certificate.RawData));
        if (kept is null)
        {
            kept = Certificate.OfCorrespondent(organisation, key, certificate, source, clock.GetUtcNow());
            db.Certificates.Add(kept);
            db.Record(new AuditEvent(
                actor ?? new Actor.Portal(organisation, "inbox"), AuditAction.CertificateHarvested, kept.Id.Value, new Dictionary<string, string> { ["source"] = source.ToString() }));
        }

        kept.Confirm(source);
        if (capabilities is var (oids, signedAt))
        {
            kept.Learn(oids, signedAt);
        }

        await db.CommitAsync(cancellationToken);
        return new KeptCorrespondent.Kept(kept.Id);
    }
    /// <summary>Those that came with a certificate that fits.</summary>
    public Task KeepAuthoritiesAsync(OrganisationId organisation, IReadOnlyList<X509Certificate2> between, CancellationToken cancellationToken) =>
        gathering.KeepAsync(organisation, between, cancellationToken);

    /// <summary>Changes nothing.</summary>
    public async Task<ExaminedCorrespondent> ExamineAsync(
        OrganisationId organisation, AddrSpec address, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> between, CancellationToken cancellationToken)
    {
        if (!MailAddresses.Of(certificate).Contains(address))
        {
            return new ExaminedCorrespondent.OtherAddress();
        }

        if (CertificateFitness.ForEncryption(certificate, clock.GetUtcNow()) is { Count: > 0 } flaws)
        {
            return new ExaminedCorrespondent.Unfit(flaws);
        }

        // What is not known of its revocation is asked for before mail is encrypted for it.
        var trust = await trustStores.OfAsync(organisation, TrustPurpose.Encryption, cancellationToken);
        var path = PathValidator.Validate(certificate, trust, between, clock.GetUtcNow());
        return RecipientCertificates.SuitabilityOf(path) is CertificateSuitability.Suitable or CertificateSuitability.RevocationUnknown
            ? new ExaminedCorrespondent.Fit(between.Where(Path(path).Contains).ToList())
            : new ExaminedCorrespondent.NotTrusted(path);
    }

    private static IReadOnlyList<X509Certificate2> Path(PathValidation validation) =>
        validation is PathValidation.Valid { Path: var path } ? path : validation.Attempts.Select(one => one.Path).MaxBy(one => one.Count) ?? [];
}
