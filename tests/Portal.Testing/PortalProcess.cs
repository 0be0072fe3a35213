using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Testing;

/// <summary>The real portal in a process of its own.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string[] _arguments;
    private readonly StringBuilder _said = new();
    private Process? _process;

    private PortalProcess(IReadOnlyDictionary<string, string> settings, string[] arguments, int port)
    {
        (_settings, _arguments) = (settings, arguments);
        Address = new Uri($"http://localhost:{port}");
    }

    public Uri Address { get; }

    /// <summary>Of the process that runs now.</summary>
    public int Id => _process!.Id;

    /// <summary>What it wrote to the console, until now.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <param name="settings">As environment variables, with double underscores.</param>
    /// <param name="arguments">Such as --demo.</param>
    public static async Task<PortalProcess> StartAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var portal = new PortalProcess(settings, arguments, FreePort());
        await portal.StartAsync();
        return portal;
    }

    /// <summary>Where it cannot start: what it says, and its exit code.</summary>
    public static async Task<CliAnswer> FailAsync(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{FreePort()}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CliAnswer(process.ExitCode, await output, await error);
    }

    /// <summary>As a power cut ends it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Again, at the same address and on the same data.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(), .. _arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Assembly()),
        };
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    private async Task UntilReadyAsync()
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience && !_process!.HasExited)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/health/ready"));
                using var answer = await client.SendAsync(request, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        // Nobody disposes what never came to be.
        await DisposeAsync();
        throw new InvalidOperationException($"The portal did not become ready. It said:\n{Said}");
    }

    private void Hear(object sender, DataReceivedEventArgs heard)
    {
        lock (_said)
        {
            _said.AppendLine(heard.Data);
        }
    }

    // tests/X/bin/Debug/net10.0 → src/Portal.Web/bin/Debug/net10.0
    private static string Assembly()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (here.Name, here.Parent!.Name);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Portal.Web", "bin", configuration, framework, "Portal.Web.dll");
    }

    // Below those that the system gives to connections going out: it has to be free again after a kill.
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(10_000, 20_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody's.
            }
        }
    }
}
