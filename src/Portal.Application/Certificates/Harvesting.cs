using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>Remembers the certificates of correspondents whose signature was valid, so that answers can be encrypted.</summary>
internal sealed class Harvesting(PortalDatabase database, IDirectory directory, TrustStores trustStores, TimeProvider clock)
{
    private const int LongestCapabilities = 4000;

    public async Task FromAsync(OrganisationId organisation, CryptographicSummary summary, CancellationToken cancellationToken)
    {
        // Our own people's certificates are on record already, and nobody else may speak for them.
        if (summary is not { Verdict: Verdict.SignedValid, From: { } from } || await directory.FindMailboxAsync(AddressKey.Of(from), organisation, cancellationToken) is not null)
        {
            return;
        }

        var trust = await trustStores.OfAsync(organisation, cancellationToken);
        foreach (var signer in summary.Signers)
        {
            var certificate = signer.EncryptionCertificate ?? signer.Certificate;
            if (certificate is not null && CanReceive(certificate, from, trust))
            {
                var capabilities = string.Join(' ', signer.Capabilities);
                await KeepAsync(organisation, from, certificate, capabilities.Length > LongestCapabilities ? string.Empty : capabilities, cancellationToken);
            }
        }
    }

    private bool CanReceive(X509Certificate2 certificate, AddrSpec from, TrustStore trust) =>
        CertificateFitness.ForEncryption(certificate, clock.GetUtcNow()).Count == 0
        && MailAddresses.Of(certificate).Contains(from)
        && PathValidator.Validate(certificate, trust, [], clock.GetUtcNow()) is PathValidation.Valid;

    private async Task KeepAsync(
        OrganisationId organisation, AddrSpec address, X509Certificate2 certificate, string capabilities, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var key = AddressKey.Of(address);
        var known = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Address == key && one.Kind == CertificateKind.Correspondent)
            .ToListAsync(cancellationToken);
        var same = known.Find(one => one.Encoded.AsSpan().SequenceEqual(certificate.RawData));
        if (same is not null)
        {
            same.Learn(capabilities);
        }
        else
        {
            var harvested = Certificate.OfCorrespondent(organisation, key, certificate, capabilities, clock.GetUtcNow());
            db.Certificates.Add(harvested);
            db.Record(new AuditEvent(new Actor.Portal(organisation, "inbox"), AuditAction.CertificateHarvested, harvested.Id.Value));
        }

        await db.CommitAsync(cancellationToken);
    }
}
