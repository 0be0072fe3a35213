using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;

namespace Portal.Benchmarks.Circuits;

/// <summary>One open page: speaks a circuit's protocol, answers what its scripts would, and looks for words in what is drawn.</summary>
internal sealed partial class CircuitClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HubConnection _connection;
    private readonly SignedIn _browser;
    private readonly ConcurrentQueue<(byte[] Words, TaskCompletionSource Seen)> _awaited = new();
    private int _objects, _calls;

    private CircuitClient(SignedIn browser)
    {
        _browser = browser;
        var builder = new HubConnectionBuilder().WithUrl(new Uri(browser.Portal, "/_blazor"), options =>
        {
            options.Cookies = browser.Cookies;
            options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
        });
        builder.Services.AddSingleton<IHubProtocol>(new BlazorPack());
        _connection = builder.Build();
        _connection.On("JS.AttachComponent", (int _, string _) => { });
        _connection.On<int, byte[]>("JS.RenderBatch", DrawAsync);
        _connection.On<long, string, string, int, long, int>("JS.BeginInvokeJS", (call, name, arguments, kind, _, _) => ScriptAsync(call, name, arguments, kind));
        _connection.On<string, bool, string>("JS.EndInvokeDotNet", (_, _, _) => { });
        _connection.On<int>("JS.EndUpdateRootComponents", _ => { });
        _connection.On<string>("JS.Error", Fail);
        _connection.Closed += error =>
        {
            Fail(error?.Message ?? "closed");
            return Task.CompletedTask;
        };
    }

    /// <summary>Where it is.</summary>
    public string Path { get; private set; } = string.Empty;

    public static async Task<CircuitClient> OpenAsync(SignedIn browser, string path, string awaited)
    {
        var page = await browser.PageAsync(path);
        var client = new CircuitClient(browser);
        await client._connection.StartAsync();
        var seen = client.SeenAsync(awaited);
        var state = State().Match(page) is { Success: true } found ? found.Groups[1].Value : "";
        _ = await client._connection.InvokeAsync<string?>("StartCircuit", browser.Portal.ToString(), new Uri(browser.Portal, path).ToString(), "[]", state)
            ?? throw new InvalidOperationException("The portal starts no circuit.");
        var operations = Marker().Matches(page).Select((marker, i) => $$"""{"type":"add","ssrComponentId":{{i + 1}},"marker":{{marker.Groups[1].Value}}}""");
        await client._connection.SendAsync("UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', operations)}}]}""", state);
        await seen;
        return client;
    }

    /// <summary>A link inside the page, until these words are drawn.</summary>
    public async Task ClickAsync(string path, string awaited)
    {
        var seen = SeenAsync(awaited);
        Path = path;
        await _connection.SendAsync("OnLocationChanged", new Uri(_browser.Portal, path).ToString(), null, true);
        await seen;
    }

    /// <summary>Done when these words are drawn from now on.</summary>
    public Task SeenAsync(string words)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Enqueue((Encoding.UTF8.GetBytes(words), seen));
        return seen.Task.WaitAsync(Patience);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task DrawAsync(int batch, byte[] drawn)
    {
        await _connection.SendAsync("OnRenderCompleted", (long)batch, null);
        for (var i = _awaited.Count; i > 0 && _awaited.TryDequeue(out var one); i--)
        {
            if (drawn.AsSpan().IndexOf(one.Words) >= 0)
            {
                one.Seen.SetResult();
            }
            else
            {
                _awaited.Enqueue(one);
            }
        }
    }

    private async Task ScriptAsync(long call, string name, string arguments, int kind)
    {
        if (call != 0)
        {
            var result = kind == 1 ? $$"""{"__jsObjectId":{{Interlocked.Increment(ref _objects)}}}""" : name == "zone" ? "\"Europe/Berlin\"" : "null";
            await _connection.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]");
        }

        if (name == "Blazor._internal.Virtualize.init" && JsonDocument.Parse(arguments).RootElement[0].TryGetProperty("__dotNetObject", out var list))
        {
            // As a window shows it that is 900 pixels high, all of it below the list's beginning.
            var id = Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
            await _connection.SendAsync("BeginInvokeDotNetFromJS", id, null, "OnSpacerAfterVisible", list.GetInt64(), "[4200,4200,900]");
        }
    }

    private void Fail(string words)
    {
        while (_awaited.TryDequeue(out var one))
        {
            one.Seen.TrySetException(new InvalidOperationException($"The circuit ended: {words}"));
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{\"type\":\"server\".*?\\})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:([^>]*)-->")]
    private static partial Regex State();
}
