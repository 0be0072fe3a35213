using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Web.Tests;

/// <summary>A real node and those who watch it: a Prometheus that asks, a collector that is told (OTLP over HTTP).</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("portal-telemetry-");
    private readonly Collector _collector = new();
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false };
    private readonly int _metricsPort = Ports.Free();
    private PortalProcess _portal = null!;

    public async ValueTask InitializeAsync() => _portal = await PortalProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Portal__DataDirectory"] = _data.FullName,
            ["Portal__Telemetry__MetricsAddress"] = $"http://127.0.0.1:{_metricsPort}",
            ["Portal__Telemetry__OtlpEndpoint"] = _collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        },
        "--demo");

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _collector.DisposeAsync();
        _handler.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Figures_are_answered_at_their_own_address_only_and_pages_are_not_there()
    {
        var figures = await FiguresAsync("portal_messages_opened");
        Assert.Matches("(?m)^portal_key_store_duration_seconds_count\\{.*operation=\"Sign\".*\\} [1-9]", figures);
        Assert.DoesNotContain("example.test", figures, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"http://127.0.0.1:{_metricsPort}/sign-in")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await GetAsync(new Uri(_portal.Address, "/metrics").ToString())).Status);
        Assert.DoesNotContain($"http://localhost:{_metricsPort}", _portal.Said.Split('\n').Select(line => line.Trim()));
    }

    [Fact]
    public async Task A_collector_is_told_traces_figures_and_logs_and_nobodys_address()
    {
        await _collector.UntilAsync("/v1/traces", "portal.certificate.issue");
        await _collector.UntilAsync("/v1/traces", "portal.open");
        await _collector.UntilAsync("/v1/metrics", "portal.work.items");
        await _collector.UntilAsync("/v1/logs", "Application started");
        await GetAsync(new Uri(_portal.Address, "/sign-in?returnUrl=%2Fmail%2Fzebrafinch").ToString());
        await GetAsync(new Uri(_portal.Address, "/join/zebrafinch").ToString());
        await _collector.UntilAsync("/v1/traces", "Microsoft.AspNetCore");
        await Task.Delay(500);

        Assert.Contains("dbug", _portal.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("zebrafinch", _portal.Said, StringComparison.Ordinal);
        Assert.All(_collector.Everything, told =>
        {
            Assert.DoesNotContain("example.test", told, StringComparison.Ordinal);
            Assert.DoesNotContain("zebrafinch", told, StringComparison.Ordinal);
        });
    }

    private async Task<string> FiguresAsync(string awaited)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var (status, body) = await GetAsync($"http://127.0.0.1:{_metricsPort}/metrics");
            Assert.Equal(HttpStatusCode.OK, status);
            if (body.Contains(awaited, StringComparison.Ordinal))
            {
                return body;
            }

            Assert.False(deadline.IsCancellationRequested, $"There is no {awaited} among the figures.");
            await Task.Delay(200);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string address)
    {
        using var client = new HttpMessageInvoker(_handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private sealed class Collector : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<(string Path, string Body)> _told = new();
        private readonly Task _loop;

        public Collector()
        {
            Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            _loop = ListenAsync();
        }

        public Uri Address { get; }

        public IEnumerable<string> Everything => _told.Select(one => one.Body);

        public async Task UntilAsync(string path, string words)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!_told.Any(one => one.Path == path && one.Body.Contains(words, StringComparison.Ordinal)))
            {
                Assert.False(deadline.IsCancellationRequested, $"Nobody told {path} of {words}; told were {string.Join(' ', _told.Select(one => one.Path).Distinct())}.");
                await Task.Delay(50);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ListenAsync()
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _told.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
    }

    private static class Ports
    {
        public static int Free()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
