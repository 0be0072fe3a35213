using Portal.Application.Certificates;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>Remembers the certificates of correspondents whose signature was valid, so that answers can be encrypted.</summary>
internal sealed class Harvesting(IDirectory directory, CorrespondentKeeping keeping)
{
    private const int LongestCapabilities = 4000;

    public async Task FromAsync(OrganisationId organisation, CryptographicSummary summary, CancellationToken cancellationToken)
    {
        // Our own people's certificates are on record already, and nobody else may speak for them.
        if (summary is not { Verdict: Verdict.SignedValid, From: { } from } || await directory.FindMailboxAsync(AddressKey.Of(from), organisation, cancellationToken) is not null)
        {
            return;
        }

        foreach (var signer in summary.Signers)
        {
            if ((signer.EncryptionCertificate ?? signer.Certificate) is { } certificate && signer.SigningTime is { } signedAt)
            {
                var capabilities = string.Join(' ', signer.Capabilities);
                var between = signer.Path is PathValidation.Valid { Path: var path } ? path.Skip(1).SkipLast(1).ToList() : [];
                await keeping.KeepAsync(
                    organisation, from, certificate, between, CertificateSource.SignedMail, cancellationToken, (capabilities.Length > LongestCapabilities ? string.Empty : capabilities, signedAt));
            }
        }
    }
}
