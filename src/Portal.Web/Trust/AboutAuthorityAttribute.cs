using Portal.Application;
using Portal.Application.Trust;
using Portal.Web.Shell;

namespace Portal.Web.Trust;

internal sealed class AboutAuthorityAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<ForeignAuthorities>().FindAsync(actor, ForeignAuthorityId.From(id), cancellationToken) is not null;
}
