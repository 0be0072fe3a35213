using Portal.Application;
using Portal.Application.Compose;
using Portal.Web.Shell;

namespace Portal.Web.Compose;

internal sealed class AboutDraftAttribute : AboutAttribute
{
    public override async Task<bool> IsThereAsync(IServiceProvider services, Actor.Person actor, RouteValueDictionary address, CancellationToken cancellationToken) =>
        Id(address, "DraftId") is not { } id || await services.GetRequiredService<Drafts>().HasAsync(actor, DraftId.From(id), cancellationToken);
}
