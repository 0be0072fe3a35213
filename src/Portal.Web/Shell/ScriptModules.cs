using Microsoft.JSInterop;

namespace Portal.Web.Shell;

internal static class ScriptModules
{
    /// <summary>Disposes a page's module; whoever closed the page has done so already.</summary>
    public static async ValueTask LeaveAsync(this IJSObjectReference? module)
    {
        try
        {
            await (module?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its scripts with it.
        }
    }
}
