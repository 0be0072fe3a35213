using Portal.Application;
using Portal.Application.Domains;
using Portal.Application.Organisations;
using Portal.Web.Shell;

namespace Portal.Web.Domains;

internal sealed class AboutDomainAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<OrganisationDomains>().FindAsync(actor, OrganisationDomainId.From(id), cancellationToken) is not null;
}
