using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Web.Shell;

/// <summary>Around the body of each page: what fails in it leaves the frame as it is.</summary>
public sealed class PageBoundary : ErrorBoundary
{
    [Inject]
    internal Faults Faults { get; set; } = null!;

    public string? Reference { get; private set; }

    protected override Task OnErrorAsync(Exception exception)
    {
        Reference = Faults.Record(exception);
        return Task.CompletedTask;
    }
}
