using System.Data.Common;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Database;

namespace Portal.Web.Accounts;

/// <summary>Asks again and again whether the session behind an open page still stands.</summary>
internal sealed class CircuitAuthentication : RevalidatingServerAuthenticationStateProvider
{
    private readonly IServiceScopeFactory scopes;
    private readonly CircuitSession circuit;
    private readonly TimeSpan interval;

    public CircuitAuthentication(
        ILoggerFactory loggers,
        IServiceScopeFactory scopes,
        CircuitSession circuit,
        IOptions<OpenPageOptions> options)
        : base(loggers)
    {
        this.scopes = scopes;
        this.circuit = circuit;
        interval = options.Value.Revalidation;
        circuit.Ended += SignOut;
    }

    protected override TimeSpan RevalidationInterval => interval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (circuit.IsEnded || circuit.IsIdle)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<Sessions>();
        try
        {
            return await sessions.IsStillValidAsync(authenticationState.User, cancellationToken);
        }
        catch (Exception exception) when (exception is DatabaseUnavailableException or DbException)
        {
            // What is open stays open: everything that it asks for needs the same database, and is refused until it answers.
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        circuit.Ended -= SignOut;
        base.Dispose(disposing);
    }

    private void SignOut() =>
        SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
}
