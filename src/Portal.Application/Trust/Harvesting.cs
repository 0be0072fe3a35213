using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Remembers the certificates of correspondents whose signature was valid, so that answers can be encrypted.</summary>
internal sealed class Harvesting(PortalDatabase database, IDirectory directory, TrustStores trustStores, Gathering gathering, TimeProvider clock)
{
    private const int LongestCapabilities = 4000;

    public async Task FromAsync(OrganisationId organisation, CryptographicSummary summary, CancellationToken cancellationToken)
    {
        // Our own people's certificates are on record already, and nobody else may speak for them.
        if (summary is not { Verdict: Verdict.SignedValid, From: { } from } || await directory.FindMailboxAsync(AddressKey.Of(from), organisation, cancellationToken) is not null)
        {
            return;
        }

        var trust = await trustStores.OfAsync(organisation, TrustPurpose.Encryption, cancellationToken);
        foreach (var signer in summary.Signers)
        {
            var certificate = signer.EncryptionCertificate ?? signer.Certificate;
            var between = signer.Path is PathValidation.Valid { Path: var path } ? path.Skip(1).SkipLast(1).ToList() : [];
            if (certificate is not null && signer.SigningTime is { } signedAt && CanReceive(certificate, from, trust, between))
            {
                await gathering.KeepAsync(organisation, between, cancellationToken);
                var capabilities = string.Join(' ', signer.Capabilities);
                await KeepAsync(organisation, from, certificate, capabilities.Length > LongestCapabilities ? string.Empty : capabilities, signedAt, cancellationToken);
            }
        }
    }

    // What is not known of its revocation is asked for before mail is encrypted for it.
    private bool CanReceive(X509Certificate2 certificate, AddrSpec from, TrustStore trust, IReadOnlyList<X509Certificate2> between) =>
        CertificateFitness.ForEncryption(certificate, clock.GetUtcNow()).Count == 0
        && MailAddresses.Of(certificate).Contains(from)
        && PathValidator.Validate(certificate, trust, between, clock.GetUtcNow()) is PathValidation.Valid or PathValidation.Invalid { Failure: PathFailure.RevocationUnknown };

    private async Task KeepAsync(
        OrganisationId organisation, AddrSpec address, X509Certificate2 certificate, string capabilities, DateTimeOffset signedAt, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var key = AddressKey.Of(address);
        var known = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Address == key && one.Kind == CertificateKind.Correspondent)
            .ToListAsync(cancellationToken);
        var kept = known.Find(one => one.Encoded.AsSpan().SequenceEqual(certificate.RawData));
        if (kept is null)
        {
            kept = Certificate.OfCorrespondent(organisation, key, certificate, clock.GetUtcNow());
            db.Certificates.Add(kept);
            db.Record(new AuditEvent(new Actor.Portal(organisation, "inbox"), AuditAction.CertificateHarvested, kept.Id.Value));
        }

        kept.Learn(capabilities, signedAt);
        await db.CommitAsync(cancellationToken);
    }
}
