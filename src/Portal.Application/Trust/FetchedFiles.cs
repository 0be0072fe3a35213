using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Trust;

/// <summary>What was fetched, read.</summary>
internal sealed record FetchedMaterial(IReadOnlyList<X509Certificate2> Certificates, IReadOnlyList<RevocationList> Lists, IReadOnlyList<OcspResponse> Responses);

/// <summary>Reads what was fetched for an organisation, each file once in a process: a list may have a hundred thousand entries.</summary>
internal sealed class FetchedFiles : IDisposable
{
    /// <summary>In one file.</summary>
    public const int MostCertificates = 10;

    /// <summary>Of an organisation; the ones that were needed last.</summary>
    private const int MostFiles = 1000;

    /// <summary>Bytes as they are encoded; in memory they take some times as much.</summary>
    private const long MostBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Unused = TimeSpan.FromDays(1);
    private readonly MemoryCache _read = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => _read.Dispose();

    public async Task<FetchedMaterial> OfAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken)
    {
        var versions = await db.FetchedFiles
            .Where(one => one.OrganisationId == organisation && one.Content != null)
            .OrderByDescending(one => one.AskedAt)
            .Take(MostFiles)
            .Select(one => new { one.Id, one.Kind, one.Version })
            .ToListAsync(cancellationToken);
        var (certificates, lists, responses) = (new List<X509Certificate2>(), new List<RevocationList>(), new List<OcspResponse>());
        foreach (var version in versions)
        {
            switch (await ReadAsync(db, organisation, version.Id, version.Kind, version.Version, cancellationToken))
            {
                case IReadOnlyList<X509Certificate2> several:
                    certificates.AddRange(several);
                    break;
                case RevocationList list:
                    lists.Add(list);
                    break;
                case OcspResponse response:
                    responses.Add(response);
                    break;
            }
        }

        return new FetchedMaterial(certificates, lists, responses);
    }

    private async Task<object?> ReadAsync(PortalDbContext db, OrganisationId organisation, Guid id, FetchedKind kind, int version, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue<object>((id, version), out var known))
        {
            return known;
        }

        var content = await db.FetchedFiles
            .Where(one => one.OrganisationId == organisation && one.Id == id && one.Version == version)
            .Select(one => one.Content)
            .SingleOrDefaultAsync(cancellationToken);
        return content is not null && Read(kind, content) is { } read
            ? _read.Set<object>((id, version), read, new MemoryCacheEntryOptions { Size = content.Length, SlidingExpiration = Unused })
            : null;
    }

    private static object? Read(FetchedKind kind, byte[] content) => kind switch
    {
        FetchedKind.Certificates => Certificates(content),
        FetchedKind.RevocationList => RevocationList.TryParse(content, out var list) ? list : null,
        FetchedKind.OcspResponse => OcspResponse.TryParse(content, out var response) ? response : null,
    };

    /// <param name="content">DER, one behind the other.</param>
    public static IReadOnlyList<X509Certificate2> Certificates(ReadOnlyMemory<byte> content) => CertificateFiles.Consecutive(content, MostCertificates);
}
