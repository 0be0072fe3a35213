using Portal.Application;
using Portal.Application.Policies;
using Portal.Web.Shell;

namespace Portal.Web.Policies;

internal sealed class AboutRuleAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "Id") is not { } id || await services.GetRequiredService<OutgoingRules>().FindAsync(actor, OutgoingRuleId.From(id), cancellationToken) is not null;
}
