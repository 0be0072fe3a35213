using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <param name="Kind">What for.</param>
/// <param name="Profile">Its form.</param>
/// <param name="Subject">Its holder's name.</param>
/// <param name="Addresses">Of a person.</param>
/// <param name="Life">How long it is valid.</param>
/// <param name="Owner">None for an authority's.</param>
/// <param name="Key">Null for one that is elsewhere.</param>
/// <param name="SubjectPublicKeyInfo">Of the key, wherever it is.</param>
internal sealed record CertificateDraft(
    CertificateKind Kind,
    CertificateProfile Profile,
    X500DistinguishedName Subject,
    IReadOnlyList<AddrSpec> Addresses,
    TimeSpan Life,
    AccountId? Owner,
    ManagedKey? Key,
    ReadOnlyMemory<byte> SubjectPublicKeyInfo)
{
    public static CertificateDraft Of(ManagedKey key, CertificateKind kind, CertificateProfile profile, X500DistinguishedName subject, TimeSpan life) =>
        new(kind, profile, subject, [], life, key.OwnerId, key, key.SubjectPublicKeyInfo);
}

internal abstract record Certified
{
    public sealed record Issued(CertificateId Id) : Certified;

    /// <summary>It would contradict the profile; nothing was signed.</summary>
    public sealed record Refused(string Words) : Certified;
}

/// <summary>How certificates are made: what will be signed is held against the profile and put on record, then it is signed, then it is issued.</summary>
internal sealed class Certification(PortalDatabase database, KeyBroker.KeyBroker broker, RevocationPartitions partitions, RevocationLists lists, TimeProvider clock)
{
    /// <summary>Between computers that do not agree about the time.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    /// <param name="asker">On record with each.</param>
    /// <param name="drafts">All below the same authority.</param>
    /// <param name="issuer">Null for a root.</param>
    /// <param name="alongside">In the transaction that puts the signed ones on record; is told what became of all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>In their order.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<IReadOnlyList<Certified>> CertifyAsync(
        Actor asker, IReadOnlyList<CertificateDraft> drafts, Authority? issuer, Func<PortalDbContext, IReadOnlyList<Certified>, Task> alongside, CancellationToken cancellationToken)
    {
        var actor = CertificateAuthority.Issuer(asker.Organisation);
        var isMany = drafts.Count > 1;
        Intended[] intended;
        BrokeredKey? issuerKey;
        try
        {
            // A root signs with the key that is not on record before it is.
            issuerKey = issuer is null ? null : await GrantedAsync(actor, issuer.Key, isMany, cancellationToken);
            intended = await IntendAsync(asker, drafts, issuer, issuerKey, cancellationToken);
        }
        catch (KeyStoreException)
        {
            await DiscardAsync(drafts, cancellationToken);
            throw;
        }

        await DiscardAsync(intended.Where(one => one.Row is null).Select(one => one.Draft), cancellationToken);
        foreach (var partition in intended.Where(one => one.Row is not null).Select(one => one.Partition).OfType<RevocationPartition>().Distinct())
        {
            await lists.EnsureAsync(issuer!, partition, cancellationToken);
        }

        issuerKey ??= intended[0].Row is null ? null : await GrantedAsync(actor, drafts[0].Key!.Id, many: false, cancellationToken);
        return await SignAsync(asker, intended, issuerKey, alongside, cancellationToken);
    }

    /// <summary>All that shall be signed is on record, with what it will say; the rest says why not.</summary>
    private async Task<Intended[]> IntendAsync(Actor asker, IReadOnlyList<CertificateDraft> drafts, Authority? issuer, BrokeredKey? issuerKey, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var entered = issuer is null ? [] : await partitions.EnterAsync(db, organisation, issuer.Id, drafts.Count, cancellationToken);
        var intended = new Intended[drafts.Count];
        for (var at = 0; at < drafts.Count; at++)
        {
            var (draft, partition) = (drafts[at], issuer is null ? null : entered[at]);
            try
            {
                var (template, toBeSigned) = Prepared(organisation, draft, issuer, partition, issuerKey);
                if (draft.Key is { } key)
                {
                    KeyBroker.KeyBroker.Add(db, asker, key);
                }

                var row = Certificate.Intend(organisation, draft.Owner, draft.Key?.Id, draft.Kind, partition, toBeSigned, template, clock.GetUtcNow());
                db.Certificates.Add(row);
                intended[at] = new Intended(draft, partition, row, toBeSigned, Refusal: null);
            }
            catch (CertificateRefusedException refused)
            {
                intended[at] = new Intended(draft, partition, Row: null, ToBeSigned: null, refused.Message);
            }
        }

        if (intended.Any(one => one.Row is not null))
        {
            await db.CommitAsync(cancellationToken);
        }

        return intended;
    }

    private (CertificateTemplate Template, ToBeSignedCertificate ToBeSigned) Prepared(
        OrganisationId organisation, CertificateDraft draft, Authority? issuer, RevocationPartition? partition, IPrivateKey? issuerKey)
    {
        // Certificates count in seconds.
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var notAfter = now + draft.Life;
        if (issuer is not null && notAfter > issuer.NotAfter)
        {
            notAfter = issuer.NotAfter;
        }

        var template = new CertificateTemplate(draft.Profile, draft.Subject, draft.SubjectPublicKeyInfo, now - Backdated, notAfter)
        {
            Addresses = draft.Addresses,
            PublicationPoints = partition is null || draft.Kind == CertificateKind.OcspResponder ? PublicationPoints.None : partitions.PointsIn(partition),
            Policies = issuer is null || draft.Kind == CertificateKind.OcspResponder ? [] : [PolicyOf(organisation)],
        };
        try
        {
            var toBeSigned = issuer is null
                ? CertificateIssuer.PrepareRoot(template, SigningSchemes.For(draft.Key!.Algorithm))
                : CertificateIssuer.Prepare(template, issuer.With(issuerKey!));
            var wrong = CertificateLint.Check(toBeSigned, draft.Profile, issuer?.Certificate, isPublished: partition?.Address is not null);
            return wrong.Count == 0 ? (template, toBeSigned) : throw new CertificateRefusedException(string.Join(' ', wrong));
        }
        catch (ArgumentException exception)
        {
            throw new CertificateRefusedException(exception.Message, exception);
        }
    }

    /// <exception cref="KeyStoreException">The key may not be used.</exception>
    public async Task<BrokeredKey> GrantedAsync(Actor actor, ManagedKeyId key, bool many, CancellationToken cancellationToken) =>
        await broker.GrantAsync(actor, key, KeyTask.IssueCertificate, cancellationToken, many) is KeyGrant.Granted granted
            ? granted.Key
            : throw new KeyStoreException(KeyStoreFailure.Refused, "The authority's key may not be used.");

    /// <summary>Their keys, which are not on record.</summary>
    public async Task DiscardAsync(IEnumerable<CertificateDraft> drafts, CancellationToken cancellationToken)
    {
        foreach (var key in drafts.Select(one => one.Key).OfType<ManagedKey>())
        {
            await broker.DiscardAsync(key, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Certified>> SignAsync(
        Actor asker, Intended[] intended, BrokeredKey? issuerKey, Func<PortalDbContext, IReadOnlyList<Certified>, Task> alongside, CancellationToken cancellationToken)
    {
        var wanted = intended.Where(one => one.Row is not null).ToList();
        var certificates = wanted.Count == 0 ? [] : await CertificateIssuer.SignAsync(wanted.ConvertAll(one => one.ToBeSigned!), issuerKey!, cancellationToken);
        try
        {
            var signed = wanted.Zip(certificates).ToDictionary(one => one.First.Row!.Id, one => one.Second);
            await using var db = await database.WriteAsync(asker.Organisation, cancellationToken);
            var rows = await db.Certificates.Where(one => one.OrganisationId == asker.Organisation && signed.Keys.Contains(one.Id)).ToListAsync(cancellationToken);
            await FormerPairs.ReplaceAsync(db, asker, rows, clock.GetUtcNow(), cancellationToken);
            foreach (var row in rows)
            {
                row.Issue(signed[row.Id]);
                db.Record(new AuditEvent(asker, AuditAction.CertificateIssued, row.Id.Value));
            }

            db.Record(issuerKey?.Outcomes ?? []);
            Certified[] outcomes = [.. intended.Select(Certified (one) => one.Row is { } row ? new Certified.Issued(row.Id) : new Certified.Refused(one.Refusal!))];
            await alongside(db, outcomes);
            await db.CommitAsync(cancellationToken);
            return outcomes;
        }
        finally
        {
            certificates.ToList().ForEach(one => one.Dispose());
        }
    }

    /// <summary>One for each organisation, of the arc that needs no registration (ITU-T X.667): it promises nothing that others define.</summary>
    private static string PolicyOf(OrganisationId organisation) =>
        string.Create(CultureInfo.InvariantCulture, $"2.25.{new System.Numerics.BigInteger(organisation.Value.ToByteArray(bigEndian: true), isUnsigned: true, isBigEndian: true)}");

    private sealed record Intended(CertificateDraft Draft, RevocationPartition? Partition, Certificate? Row, ToBeSignedCertificate? ToBeSigned, string? Refusal);
}
