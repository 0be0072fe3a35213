using System.Diagnostics;

namespace Portal.Benchmarks;

/// <summary>PostgreSQL, Postfix and Dovecot: those that the environment names, or else started here and stopped again.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private const string Given = "PORTAL_TEST_POSTGRES";
    private string? _directory;

    public static string Repository { get; } = Find();

    public static async Task<Servers> UseAsync()
    {
        var servers = new Servers();
        if (Environment.GetEnvironmentVariable(Given) is not null)
        {
            return servers;
        }

        servers._directory = Directory.CreateTempSubdirectory("portal-benchmarks-").FullName;
        await servers.RunAsync("start");
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(servers._directory, "env")))
        {
            var (name, value) = line["export ".Length..].Split('=', 2) is [var left, var right] ? (left, right.Trim('\'')) : (line, "");
            Environment.SetEnvironmentVariable(name, value);
        }

        return servers;
    }

    public bool AreOwn => _directory is not null;

    /// <summary>This program once more, which finds them in its environment.</summary>
    public static async Task<int> AgainAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Servers).Assembly.Location, .. arguments]))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            await RunAsync("stop");
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task RunAsync(string verb)
    {
        // Their output goes nowhere: a server that inherits a pipe would keep it open for ever.
        using var process = Process.Start("bash", ["-c", $"'{Repository}/infra/dev/servers.sh' {verb} '{_directory}' > /dev/null 2>&1 < /dev/null"]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"infra/dev/servers.sh {verb} ended with {process.ExitCode}.");
        }
    }

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Portal.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("This was not built inside the repository.");
    }
}
