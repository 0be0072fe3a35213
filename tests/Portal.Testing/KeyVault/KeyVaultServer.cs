using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.Testing.KeyVault;

/// <summary>
/// A vault that speaks as the published REST reference of Azure Key Vault says (learn.microsoft.com/rest/api/keyvault/keys,
/// 7.4), written without a look at our client. Each behaviour names the page it comes from. Over TLS, on loopback.
/// </summary>
public sealed class KeyVaultServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TestAuthority _authority = new("Vault authority");
    private readonly VaultKeyRing _keys;
    private readonly ConcurrentDictionary<string, (string Resource, DateTimeOffset Until)> _tokens = new();
    private readonly ConcurrentQueue<VaultRequest> _requests = [];
    private readonly TimeProvider _clock;

    private KeyVaultServer(TimeProvider clock)
    {
        _clock = clock;
        _keys = new VaultKeyRing(clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(_authority.IssueForServer("localhost"));
        }));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>Without a slash at its end.</summary>
    public string Url { get; private set; } = string.Empty;

    public string TokenEndpoint => $"{Url}/metadata/identity/oauth2/token";

    public string CertificateAuthorityFile => _authority.CertificateFile;

    /// <summary>What tokens are for; another resource than the vault's own shows what a client does with it.</summary>
    public string? Resource { get; set; }

    /// <summary>Where kid says that keys are.</summary>
    public string? KeyAuthority { get; set; }

    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Asked for each authenticated request; null answers as ever.</summary>
    public Func<HttpRequest, VaultFault?>? Fault { get; set; }

    public IReadOnlyCollection<VaultRequest> Requests => _requests;

    public int TokensGiven => _tokens.Count;

    public static async Task<KeyVaultServer> StartAsync(TimeProvider? clock = null)
    {
        var server = new KeyVaultServer(clock ?? TimeProvider.System);
        await server._application.StartAsync();
        var address = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Url = $"https://localhost:{new Uri(address).Port}";
        return server;
    }

    /// <summary>Of a key store of this name over it.</summary>
    public IEnumerable<(string Name, string Value)> Settings(string store) =>
    [
        ($"Portal:KeyStores:AzureKeyVault:{store}:Url", Url),
        ($"Portal:KeyStores:AzureKeyVault:{store}:Credential", "TokenEndpoint"),
        ($"Portal:KeyStores:AzureKeyVault:{store}:TokenEndpoint", TokenEndpoint),
        ($"Portal:KeyStores:AzureKeyVault:{store}:CertificateAuthorityFile", CertificateAuthorityFile),
    ];

    /// <summary>Every token that was given is worth nothing from now on.</summary>
    public void WithdrawTokens() => _tokens.Clear();

    /// <summary>As an administrator does in the portal of Azure.</summary>
    public void Enable(string name, bool enabled) => _keys.Enable(name, enabled);

    /// <summary>It can be recovered.</summary>
    public void Delete(string name) => _keys.Delete(name);

    public void Recover(string name) => _keys.Recover(name);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var came = _clock.GetUtcNow();
        var status = 0;
        try
        {
            (status, var body) = await DecideAsync(context);
            context.Response.StatusCode = status;
            if (body is not null)
            {
                await context.Response.WriteAsJsonAsync(body);
            }
        }
        finally
        {
            _requests.Enqueue(new VaultRequest(
                came, context.Request.Method, context.Request.Path, status, context.Request.Headers["x-ms-client-request-id"].ToString(), _clock.GetUtcNow()));
        }
    }

    private async Task<(int Status, JsonObject? Body)> DecideAsync(HttpContext context)
    {
        if (context.Request.Path == "/metadata/identity/oauth2/token")
        {
            return Token(context.Request);
        }

        if (!IsAuthenticated(context.Request))
        {
            // "Authentication, requests and responses": the challenge names authority and resource.
            context.Response.Headers.WWWAuthenticate = $"Bearer authorization=\"https://login.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47\", resource=\"{Resource ?? Url}\"";
            return Error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
        }

        if (Fault?.Invoke(context.Request) is { } fault)
        {
            await Task.Delay(fault.Hangs ? Timeout.InfiniteTimeSpan : fault.Delay, context.RequestAborted);
            if (fault.Status != 0)
            {
                if (fault.RetryAfter is { } seconds)
                {
                    context.Response.Headers.RetryAfter = $"{seconds}";
                }

                // "REST API error codes": 429 Too Many Requests.
                return Error(fault.Status, fault.Status == 429 ? "Throttled" : "InternalServerError", "Not now.");
            }
        }

        if (context.Request.Query["api-version"] != "7.4")
        {
            return Error(400, "BadParameter", "The specified version is not recognized.");
        }

        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) : null;
        return _keys.Answer(context.Request.Method, context.Request.Path.Value!, body?.AsObject(), context.Request.Query, KeyAuthority ?? Url);
    }

    // "How to use managed identities for Azure resources on an Azure VM to acquire an access token".
    private (int Status, JsonObject? Body) Token(HttpRequest request)
    {
        if (request.Headers["Metadata"] != "true" || request.Query["resource"].ToString() is not { Length: > 0 } resource)
        {
            return (400, new JsonObject { ["error"] = "invalid_request" });
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var until = _clock.GetUtcNow() + TokenLifetime;
        _tokens[token] = (resource, until);
        return (200, new JsonObject { ["access_token"] = token, ["expires_on"] = $"{until.ToUnixTimeSeconds()}", ["resource"] = resource, ["token_type"] = "Bearer" });
    }

    // A token for another audience is none: "AKV10022: Invalid audience."
    private bool IsAuthenticated(HttpRequest request) =>
        request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
        && _tokens.TryGetValue(token, out var given)
        && given.Until > _clock.GetUtcNow()
        && given.Resource == (Resource ?? Url);

    // "REST API error codes".
    internal static (int Status, JsonObject Body) Error(int status, string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return (status, new JsonObject { ["error"] = error });
    }
}
