using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Testing;

/// <summary>Gives access tokens (RFC 6749) that the test servers' Dovecot takes; each refresh token works once.</summary>
public sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;
    private string _refreshToken = "refresh-0";
    private int _asked;

    public TokenEndpoint()
    {
        // HttpListener cannot choose a free port by itself.
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _loop = AnswerAsync();
    }

    public string Address { get; }

    /// <summary>For whom.</summary>
    public string Email { get; set; } = "alice@example.test";

    public int Asked => _asked;

    public string RefreshToken => _refreshToken;

    /// <summary>Every refresh token that was given counts no more.</summary>
    public void Withdraw() => _refreshToken = "withdrawn";

    /// <summary>The next token is of another key.</summary>
    public bool GivesForged { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream);
            var form = (await reader.ReadToEndAsync()).Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], string? (pair) => WebUtility.UrlDecode(pair[1]));
            var (status, answer) = Answer(form);
            context.Response.StatusCode = status;
            await using var body = context.Response.OutputStream;
            await JsonSerializer.SerializeAsync(body, answer);
        }
    }

    private (int Status, Dictionary<string, object> Answer) Answer(Dictionary<string, string?> form)
    {
        Interlocked.Increment(ref _asked);
        if (form.GetValueOrDefault("client_id") != "portal" || form.GetValueOrDefault("client_secret") is not (null or "secret"))
        {
            return (401, new() { ["error"] = "invalid_client" });
        }

        var answer = new Dictionary<string, object> { ["access_token"] = Token(), ["token_type"] = "Bearer", ["expires_in"] = 3600 };
        if (form.GetValueOrDefault("grant_type") == "client_credentials")
        {
            return form.GetValueOrDefault("client_secret") is null ? (401, new() { ["error"] = "invalid_client" }) : (200, answer);
        }

        if (form.GetValueOrDefault("refresh_token") != _refreshToken)
        {
            return (400, new() { ["error"] = "invalid_grant" });
        }

        _refreshToken = $"refresh-{Guid.NewGuid():N}";
        answer["refresh_token"] = _refreshToken;
        return (200, answer);
    }

    private string Token()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var (header, claims) = (Part(new { alg = "HS256", typ = "JWT" }), Part(new { sub = Email, email = Email, iat = now, nbf = now - 5, exp = now + 3600 }));
        var key = Encoding.ASCII.GetBytes(TestServers.Get("PORTAL_TEST_MAIL_TOKEN_KEY") + (GivesForged ? "!" : ""));
        GivesForged = false;
        return $"{header}.{claims}.{Text(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{header}.{claims}")))}";
    }

    private static string Part(object value) => Text(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
