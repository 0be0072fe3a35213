using Portal.Application.Brands;

namespace Portal.Application.SecureLinks;

/// <summary>In whose colours a reader is met: those of the organisation that wrote to them, or whose host name they came by.</summary>
public sealed class ReaderBrands
{
    private readonly IDirectory _directory;
    private readonly BrandReading _brands;

    internal ReaderBrands(IDirectory directory, BrandReading brands) => (_directory, _brands) = (directory, brands);

    public Task<BrandView> OfReaderAsync(SignedInReader reader, CancellationToken cancellationToken) => OfAsync(reader.Actor.Organisation, cancellationToken);

    public Task<BrandView> OfAsync(OrganisationId organisation, CancellationToken cancellationToken) => _brands.OfAsync(organisation, cancellationToken);

    /// <summary>Whose readers are met at an address: those of the organisation whose host name it is, or of the only one there is.</summary>
    /// <returns>Null where it could be several.</returns>
    public async Task<OrganisationId?> OrganisationAtAsync(string host, CancellationToken cancellationToken) =>
        await AtHostAsync(host, cancellationToken) is { } brand ? brand.Organisation
        : await _directory.ListOrganisationsAsync(cancellationToken) is [var only] ? only
        : null;

    /// <returns>Null for the portal's own address.</returns>
    public Task<BrandView?> AtHostAsync(string host, CancellationToken cancellationToken) => _brands.AtAsync(host, cancellationToken);
}
