using Portal.Application;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Web.Shell;

namespace Portal.Web.Keys;

internal sealed class AboutKeyAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<KeyDesk>().FindAsync(actor, ManagedKeyId.From(id), cancellationToken) is not null;
}
