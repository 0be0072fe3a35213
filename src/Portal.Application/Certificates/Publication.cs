using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>The addresses that certificates name.</summary>
internal sealed class Publication(IOptions<PublicationOptions> options, IOptions<PublicAddressOptions> people)
{
    /// <summary>Null where the portal has no address that others know.</summary>
    public Uri? Root { get; } = options.Value.PublicationAddress ?? OverHttp(people.Value.PublicAddress);

    /// <returns>Null where nothing is published.</returns>
    public string? ListAddress(CertificateId authority, int partition) =>
        Root is null ? null : At(string.Create(CultureInfo.InvariantCulture, $"{authority}/{partition}.crl"));

    /// <summary>For what the authority issues into a partition.</summary>
    public PublicationPoints PointsIn(RevocationPartition partition) => partition.Address is { } list && Root is not null
        ? new PublicationPoints([new Uri(list)], [new Uri(At($"{partition.AuthorityId}.cer"))], [new Uri(At($"{partition.AuthorityId}/ocsp"))])
        : PublicationPoints.None;

    private string At(string path) => new Uri(Root!, $"/pki/{path}").AbsoluteUri;

    private static Uri? OverHttp(Uri? address) => address switch
    {
        null => null,
        { Scheme: "http" } => address,
        _ => new UriBuilder(Uri.UriSchemeHttp, address.IdnHost).Uri,
    };
}
