using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

/// <summary>One open page. Once ended, nothing that its browser sends is heard any more.</summary>
internal sealed class CircuitSession(
    OpenCircuits circuits,
    IOptions<OpenPageOptions> options,
    IOptions<LiveSessionOptions> session,
    TimeProvider time,
    IServiceProvider services) : CircuitHandler
{
    private long lastActivity = time.GetTimestamp();
    private volatile bool ended;
    private volatile bool disconnected;

    public event Action? Ended;

    public event Action? Reconnected;

    public bool IsEnded => ended;

    public bool IsConnected => !disconnected;

    public bool IsIdle => time.GetElapsedTime(Interlocked.Read(ref lastActivity)) > session.Value.Idle;

    /// <summary>Which sign-in the page belongs to.</summary>
    public SessionId? Session { get; private set; }

    /// <summary>Ended because its person signed out, here or on another page.</summary>
    public bool HasSignedOut { get; private set; }

    public void SignOut()
    {
        HasSignedOut = true;
        End();
    }

    public void End()
    {
        ended = true;
        Ended?.Invoke();
    }

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var authentication = services.GetRequiredService<AuthenticationStateProvider>();
        var state = await authentication.GetAuthenticationStateAsync();
        if (Sessions.ActorOf(state.User) is not { } person || circuits.CountOf(person.Account) >= options.Value.CircuitsPerAccount)
        {
            End();
            return;
        }

        Session = person.Session;
        circuits.Add(this, person.Account);
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        disconnected = false;
        Reconnected?.Invoke();
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        disconnected = true;
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Remove(this);
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context =>
        {
            if (ended)
            {
                return Task.CompletedTask;
            }

            Interlocked.Exchange(ref lastActivity, time.GetTimestamp());
            return next(context);
        };
}
