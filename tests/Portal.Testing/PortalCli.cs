using System.Diagnostics;

namespace Portal.Testing;

/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CliAnswer(int Code, string Output, string Error)
{
    public override string ToString() => $"{Code}\n{Output}{Error}";
}

/// <summary>The operator's command line, as a process of its own.</summary>
public static class PortalCli
{
    // tests/X/bin/Debug/net10.0 → src/Portal.Cli/bin/Debug/net10.0
    public static string Assembly
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            var root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(root, "src", "Portal.Cli", "bin", here.Parent.Name, here.Name, "portal.dll");
        }
    }

    /// <param name="settings">As environment variables, with double underscores.</param>
    /// <param name="arguments">After the program's name.</param>
    public static async Task<CliAnswer> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CliAnswer(process.ExitCode, await output, await error);
    }
}
