using System.Diagnostics;

namespace Portal.Web.Tests;

/// <summary>The operator's command line, as a process of its own.</summary>
internal static class Cli
{
    /// <returns>What it said, both channels.</returns>
    public static async Task<string> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var cli = Path.Combine(root, "src", "Portal.Cli", "bin", here.Parent.Name, here.Name, "portal.dll");
        var start = new ProcessStartInfo("dotnet", [cli, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return await output + await error;
    }
}
