using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Portal.Application.Accounts;

/// <summary>Asks with every request whether its session still stands. A cookie alone opens nothing.</summary>
internal sealed class SessionValidator(LiveSessions live, IUserClaimsPrincipalFactory<Account> claims) : ISecurityStampValidator
{
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // Style sheets, scripts and the pages for strangers are the same for everybody.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return;
        }

        if (AccountClaims.ActorOf(context.Principal!) is not { } actor
            || await live.FindAsync(actor, seen: true, context.HttpContext.RequestAborted) is not { } account)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        if (!AccountClaims.AreThoseOf(context.Principal!, account))
        {
            var renewed = await claims.CreateAsync(account);
            ((ClaimsIdentity)renewed.Identity!).AddClaim(new Claim(AccountClaims.Session, actor.Session.ToString()));
            context.ReplacePrincipal(renewed);
            context.ShouldRenew = true;
        }
    }
}
