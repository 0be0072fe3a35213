using Microsoft.AspNetCore.Components.Authorization;
using Portal.Application;
using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

/// <summary>Who acts, asked anew for every action: a page that is still open proves nothing.</summary>
internal sealed class CurrentPerson(AuthenticationStateProvider authentication)
{
    public async Task<Actor.Person> ActAsync()
    {
        var state = await authentication.GetAuthenticationStateAsync();
        return Sessions.ActorOf(state.User) ?? throw new UnauthorizedAccessException("The session has ended.");
    }
}
