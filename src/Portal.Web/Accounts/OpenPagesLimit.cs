using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

/// <summary>Says in words that no further page opens; what is open goes on.</summary>
internal sealed class OpenPagesLimit(RequestDelegate next, OpenCircuits circuits, IOptions<OpenPageOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } page
            || page.GetMetadata<ComponentTypeMetadata>() is null
            || page.GetMetadata<ExcludeFromInteractiveRoutingAttribute>() is not null
            || Sessions.ActorOf(context.User) is not { } person
            || circuits.CountOf(person.Account) < options.Value.CircuitsPerAccount)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return Task.CompletedTask;
    }
}
