using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Brands;

/// <summary>How organisations look to people outside; nothing of it is secret.</summary>
public sealed class BrandReading
{
    private readonly PortalDatabase _database;
    private readonly HostNames _hosts;

    internal BrandReading(PortalDatabase database, HostNames hosts) => (_database, _hosts) = (database, hosts);

    public async Task<BrandView> OfAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        string name;
        Brand? brand;
        await using (var db = await _database.ReadAsync(organisation, cancellationToken))
        {
            (name, brand) = await db.Organisations
                .Where(one => one.Id == organisation)
                .LeftJoin(db.Brands, one => one.Id, brand => brand.OrganisationId, (one, brand) => new ValueTuple<string, Brand?>(one.Name, brand))
                .SingleAsync(cancellationToken);
        }

        return await ViewAsync(organisation, name, brand, cancellationToken);
    }

    /// <returns>Null for the portal's own address, and for any other that no organisation has chosen.</returns>
    public async Task<BrandView?> AtAsync(string host, CancellationToken cancellationToken) =>
        MailDomain.Normalised(host) is { } name
        && !_hosts.IsPublicAddress(name)
        && await _hosts.OwnerAsync(name, cancellationToken) is { } owner
        && await OfAsync(owner, cancellationToken) is { } brand
        && brand.Host == name
            ? brand
            : null;

    /// <returns>Null where there is none.</returns>
    public async Task<Logo?> LogoAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return await db.BrandLogos.SingleOrDefaultAsync(one => one.OrganisationId == organisation, cancellationToken) is { } logo
            ? new Logo(logo.MediaType, logo.Content, logo.Version)
            : null;
    }

    internal async Task<BrandView> ViewAsync(OrganisationId organisation, string name, Brand? brand, CancellationToken cancellationToken)
    {
        var host = brand?.HostName is { } chosen && await _hosts.MayHaveAsync(chosen, organisation, cancellationToken) ? chosen : null;
        return new BrandView(organisation, brand?.Name ?? name, BrandAccent.Of(brand?.Accent), brand?.LogoVersion, host, brand?.Texts ?? new Dictionary<string, string>());
    }
}
