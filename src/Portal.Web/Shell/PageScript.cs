using Microsoft.JSInterop;

namespace Portal.Web.Shell;

/// <summary>The script of one component. Whoever goes on does not wait for it: what fails once the component is gone concerns nobody.</summary>
/// <param name="js">Of the circuit.</param>
/// <param name="path">A module; it is fetched at the first call.</param>
/// <param name="component">Whom the script may call back.</param>
internal sealed class PageScript<T>(IJSRuntime js, string path, T component) : IAsyncDisposable
    where T : class
{
    private Task<IJSObjectReference>? _module;
    private bool _isLeft;

    public bool IsThere => _module is { IsCompletedSuccessfully: true };

    /// <summary>As the script is handed it.</summary>
    public DotNetObjectReference<T> Component { get; } = DotNetObjectReference.Create(component);

    public Task CallAsync(string function, params object?[] arguments) => AskAsync<object>(function, arguments);

    /// <returns>Nothing where the component is gone.</returns>
    public async Task<TAnswer?> AskAsync<TAnswer>(string function, params object?[] arguments)
    {
        try
        {
            var module = await (_module ??= js.InvokeAsync<IJSObjectReference>("import", path).AsTask());
            return await module.InvokeAsync<TAnswer>(function, arguments);
        }
        catch (Exception) when (_isLeft)
        {
            return default;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isLeft = true;
        Component.Dispose();
        if (_module is null)
        {
            return;
        }

        try
        {
            await (await _module).DisposeAsync();
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its scripts with it.
        }
    }
}
