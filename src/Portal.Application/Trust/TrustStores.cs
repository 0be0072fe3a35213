using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Portal.Application.Certificates;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>What an organisation trusts: its own authority, and those that an administrator decided for; with everything that is known about the certificates below them.</summary>
internal sealed class TrustStores(PortalDatabase database, FetchedFiles fetched) : IDisposable
{
    /// <summary>Bytes of lists as they are encoded; in memory they take some times as much.</summary>
    private const long MostListBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);
    private readonly MemoryCache _lists = new(new MemoryCacheOptions { SizeLimit = MostListBytes });

    public void Dispose() => _lists.Dispose();

    public async Task<TrustStore> OfAsync(OrganisationId organisation, TrustPurpose purpose, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var own = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Encoded != null)
            .Where(one => one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority)
            .Select(one => new { one.Kind, one.IssuerId, Encoded = one.Encoded! })
            .ToListAsync(cancellationToken);
        var foreign = (await db.ForeignAuthorities
            .Where(one => one.OrganisationId == organisation && one.Standing == AuthorityStanding.Trusted)
            .ToListAsync(cancellationToken))
            .FindAll(one => one.Purpose.HasFlag(purpose));

        // No list of ours names what another authority issued.
        var disowned = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.IssuerId == null && one.Partition == null && one.State == CertificateState.Revoked && one.Encoded != null)
            .Select(one => new { Encoded = one.Encoded!, RevokedAt = one.RevokedAt!.Value, Reason = one.RevocationReason!.Value })
            .ToListAsync(cancellationToken);
        var material = await fetched.OfAsync(db, organisation, cancellationToken);
        var given = foreign.Select(one => one.RevocationList).OfType<byte[]>().Select(Read).OfType<RevocationList>();

        // One of ours that another signed is ours all the same: whom else it leads to is for others.
        var roots = own.Where(one => one.IssuerId is null).Select(one => new TrustAnchor(SharedCertificates.Load(one.Encoded), RevocationPolicy.Required));
        return new TrustStore(
            [.. roots, .. foreign.Select(one => one.Anchor)],
            [.. own.Where(one => one.Kind == CertificateKind.IssuingAuthority).Select(one => SharedCertificates.Load(one.Encoded)), .. material.Certificates],
            [.. await OwnListsAsync(db, organisation, cancellationToken), .. given, .. material.Lists])
        {
            OcspResponses = material.Responses,
            Disowned = disowned.ConvertAll(one => new DisownedCertificate(SharedCertificates.Load(one.Encoded), one.RevokedAt, one.Reason)),
        };
    }

    // One may have a hundred thousand entries: each is read once in a process.
    private async Task<IReadOnlyList<RevocationList>> OwnListsAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var numbers = await db.RevocationLists
            .Where(one => one.OrganisationId == organisation)
            .Select(one => new ListKey(one.AuthorityId, one.Partition, one.Number))
            .ToListAsync(cancellationToken);
        var found = new List<RevocationList>();
        foreach (var key in numbers)
        {
            if (!_lists.TryGetValue<RevocationList>(key, out var list))
            {
                var encoded = await db.RevocationLists
                    .Where(one => one.OrganisationId == organisation && one.AuthorityId == key.Authority && one.Partition == key.Partition && one.Number == key.Number)
                    .Select(one => one.Encoded)
                    .SingleOrDefaultAsync(cancellationToken);
                list = encoded is null ? null : Read(encoded);
                if (list is not null)
                {
                    _lists.Set(key, list, new MemoryCacheEntryOptions { Size = encoded!.Length, SlidingExpiration = Unused });
                }
            }

            if (list is not null)
            {
                found.Add(list);
            }
        }

        return found;
    }

    private static RevocationList? Read(byte[] encoded) => RevocationList.TryParse(encoded, out var list) ? list : null;

    private readonly record struct ListKey(CertificateId Authority, int Partition, long Number);
}
