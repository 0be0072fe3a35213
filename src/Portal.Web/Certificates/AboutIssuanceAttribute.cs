using Portal.Application;
using Portal.Application.KeyManagement;
using Portal.Web.Shell;

namespace Portal.Web.Certificates;

internal sealed class AboutIssuanceAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is { } id && await services.GetRequiredService<Issuance>().FindAsync(actor, IssuanceBatchId.From(id), cancellationToken) is not null;
}
