using Portal.Application;
using Portal.Application.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Accounts;

internal sealed class AboutPersonAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<People>().FindAsync(actor, new AccountId(id), cancellationToken) is not null;
}
