using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <param name="Certificate">That signs.</param>
/// <param name="Key">Its key in our records.</param>
/// <param name="Scheme">What that key computes.</param>
/// <param name="Chain">Between it and its root.</param>
internal sealed record NoticePair(X509Certificate2 Certificate, ManagedKeyId Key, SignatureScheme Scheme, IReadOnlyList<X509Certificate2> Chain);

/// <summary>What the portal itself writes in an organisation's name is signed with these.</summary>
internal sealed class NoticePairs(PortalDatabase database, TimeProvider clock)
{
    private const int MostAbove = 10;

    /// <summary>What notices come from.</summary>
    /// <param name="domain">Of the mailbox that they go through.</param>
    public static string AddressIn(string domain) => $"no-reply@{domain}";

    /// <returns>Null when there is none for that address that is valid now.</returns>
    public async Task<NoticePair?> FindAsync(OrganisationId organisation, string address, CancellationToken cancellationToken)
    {
        var (wanted, now) = (address.ToLowerInvariant(), clock.GetUtcNow());
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var found = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Address == wanted && one.Kind == CertificateKind.NoticeSigning)
            .Where(one => one.State == CertificateState.Issued && one.NotBefore <= now && one.NotAfter >= now)
            .Join(db.ManagedKeys.Where(key => key.ReplacedAt == null), one => one.KeyId, key => key.Id, (one, key) => new { Certificate = one, key.Algorithm })
            .OrderByDescending(one => one.Certificate.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return found is null
            ? null
            : new NoticePair(
                SharedCertificates.Load(found.Certificate.Encoded!),
                found.Certificate.KeyId!.Value,
                SigningSchemes.For(found.Algorithm),
                CertificateFiles.Consecutive(found.Certificate.Above, MostAbove));
    }
}
