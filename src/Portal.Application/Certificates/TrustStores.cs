using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>What an organisation trusts: its own authority, and those that an administrator added.</summary>
internal sealed class TrustStores(PortalDatabase database)
{
    public async Task<TrustStore> OfAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var own = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Kind == CertificateKind.Authority && one.Encoded != null)
            .Select(one => one.Encoded!)
            .ToListAsync(cancellationToken);
        var lists = await db.RevocationLists
            .Where(one => one.OrganisationId == organisation)
            .OrderByDescending(one => one.Number)
            .Select(one => one.Encoded)
            .Take(RevocationListsKept)
            .ToListAsync(cancellationToken);
        var foreign = await db.TrustedAuthorities.Where(one => one.OrganisationId == organisation).ToListAsync(cancellationToken);
        lists.AddRange(foreign.Select(one => one.RevocationList).OfType<byte[]>());
        return new TrustStore(
            [.. own.Select(Required), .. foreign.Select(one => new TrustAnchor(Load(one.Encoded), one.Revocation))],
            [],
            lists.Select(Read).OfType<RevocationList>().ToList());
    }

    // The newest, and the one before it while nodes disagree about the time.
    private const int RevocationListsKept = 2;

    private static TrustAnchor Required(byte[] encoded) => new(Load(encoded), RevocationPolicy.Required);

    private static RevocationList? Read(byte[] encoded) => RevocationList.TryParse(encoded, out var list) ? list : null;

    private static X509Certificate2 Load(byte[] encoded) => SharedCertificates.Load(encoded);
}
