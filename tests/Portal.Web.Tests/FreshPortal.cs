using Portal.Testing;

namespace Portal.Web.Tests;

/// <summary>A portal that nobody has set up.</summary>
internal sealed class FreshPortal : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("portal-fresh-");
    private PortalProcess _process = null!;

    public Uri Address => _process.Address;

    public static async Task<FreshPortal> StartAsync()
    {
        var portal = new FreshPortal();
        portal._process = await PortalProcess.StartAsync(new Dictionary<string, string> { ["Portal__DataDirectory"] = portal._data.FullName });
        return portal;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
