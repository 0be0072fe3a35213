using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Certificates;

/// <summary>Each authority has somebody who answers for it (RFC 6960 §4.2.2.2), with a certificate that goes on for days.</summary>
internal sealed class ResponderCertificates(PortalDatabase database, CertificateAuthority authority, CertificateChains chains, TimeProvider clock)
{
    /// <summary>Looked at every day: a week of an unreachable key store harms nobody.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(10);

    /// <exception cref="Smime.Keys.KeyStoreException">The key store does not answer.</exception>
    public async Task EnsureAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        foreach (var one in await chains.AllAsync(organisation, cancellationToken))
        {
            if (one.NotAfter > clock.GetUtcNow() + Ahead && !await HasAsync(organisation, one.Id, cancellationToken))
            {
                await authority.IssueResponderAsync(organisation, one, cancellationToken);
            }
        }
    }

    public static IQueryable<Certificate> Of(PortalDbContext db, OrganisationId organisation, CertificateId authority) => db.Certificates.Where(
        one => one.OrganisationId == organisation && one.IssuerId == authority && one.Kind == CertificateKind.OcspResponder && one.State == CertificateState.Issued);

    private async Task<bool> HasAsync(OrganisationId organisation, CertificateId authority, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Ahead;
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await Of(db, organisation, authority).AnyAsync(one => one.NotAfter > until, cancellationToken);
    }
}
