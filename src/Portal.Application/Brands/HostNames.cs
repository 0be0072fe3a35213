using Microsoft.Extensions.Options;

namespace Portal.Application.Brands;

/// <summary>Whose a host name is: whoever has proved the closest domain above it. So it is one organisation's, and follows the proof.</summary>
internal sealed class HostNames(IDirectory directory, IOptions<PublicAddressOptions> address)
{
    // Each is a look-up, and anybody may name a host.
    private const int MostLabels = 8;

    /// <summary>The portal's own is no organisation's.</summary>
    public bool IsPublicAddress(string host) => address.Value.PublicAddress?.IdnHost == host;

    /// <param name="host">A-labels in lower case.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async Task<OrganisationId?> OwnerAsync(string host, CancellationToken cancellationToken)
    {
        foreach (var domain in Above(host))
        {
            if (await directory.FindDomainAsync(domain, cancellationToken) is { } owner)
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>Below a domain of theirs, and not below a closer one of others. The domain itself is not enough: what it says of its name counts for all below it (Strict-Transport-Security).</summary>
    public async Task<bool> MayHaveAsync(string host, OrganisationId organisation, CancellationToken cancellationToken)
    {
        if (IsPublicAddress(host))
        {
            return false;
        }

        foreach (var domain in Above(host))
        {
            if (await directory.FindDomainAsync(domain, cancellationToken) is { } owner && (owner != organisation || domain != host))
            {
                return owner == organisation;
            }
        }

        return false;
    }

    private static IEnumerable<string> Above(string host) => host.Count(one => one == '.') < MostLabels ? MailDomain.WithThoseAbove(host) : [];
}
