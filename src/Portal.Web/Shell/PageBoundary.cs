using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Portal.Web.Shell;

/// <summary>Around the body of each page: what fails in it leaves the frame as it is.</summary>
public sealed class PageBoundary : ErrorBoundary
{
    [Inject]
    internal Faults Faults { get; set; } = null!;

    public string? Reference { get; private set; }

    protected override Task OnErrorAsync(Exception exception)
    {
        // Nobody is there any more to be shown anything.
        Reference = exception is JSDisconnectedException ? null : Faults.Record(exception);
        return Task.CompletedTask;
    }
}
