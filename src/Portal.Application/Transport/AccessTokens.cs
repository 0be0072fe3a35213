using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Application.Transport;

/// <summary>Why no access token was given (RFC 6749 §5.2).</summary>
public enum TokenRefusal
{
    /// <summary>The client id or its secret.</summary>
    Client,

    /// <summary>The refresh token: expired, withdrawn, or of another client.</summary>
    Grant,

    Scope,

    Other,
}

internal abstract record TokenAnswer
{
    /// <param name="Token">Goes to the mail server.</param>
    /// <param name="RefreshToken">What counts from now on; null where none is used.</param>
    public sealed record Granted(string Token, string? RefreshToken) : TokenAnswer
    {
        public override string ToString() => nameof(Granted);
    }

    public sealed record Refused(TokenRefusal Reason) : TokenAnswer;

    public sealed record NoAnswer : TokenAnswer;

    /// <summary>The endpoint is in a network that is not opened to accounts.</summary>
    public sealed record OutOfReach : TokenAnswer;
}

/// <summary>Fetches access tokens (RFC 6749 §4.4, §6), and keeps them in memory until shortly before they expire.</summary>
internal sealed class AccessTokens(IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "portal.tokens";
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <param name="settings">Whose.</param>
    /// <param name="fresh">The kept one was refused.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TokenAnswer> GetAsync(OAuthSettings settings, bool fresh, CancellationToken cancellationToken)
    {
        if (!fresh && _kept.TryGetValue(Key(settings), out var kept) && kept.Until > clock.GetUtcNow())
        {
            return kept.Granted;
        }

        if (!settings.IsEndpointAllowed)
        {
            return new TokenAnswer.NoAnswer();
        }

        try
        {
            using var client = clients.CreateClient(Client);
            using var form = new FormUrlEncodedContent(Form(settings));
            using var answer = await client.PostAsync(new Uri(settings.TokenEndpoint), form, cancellationToken);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer.StatusCode == HttpStatusCode.OK ? Keep(settings, json.RootElement) : Refusal(json.RootElement);
        }
        catch (HttpRequestException exception) when (exception.InnerException is OutOfReachException)
        {
            return new TokenAnswer.OutOfReach();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new TokenAnswer.NoAnswer();
        }
    }

    private static Dictionary<string, string> Form(OAuthSettings settings)
    {
        var form = new Dictionary<string, string> { ["client_id"] = settings.ClientId };
        Add(form, "client_secret", settings.ClientSecret);
        Add(form, "scope", settings.Scope);
        if (settings.Grant == OAuthGrant.ClientCredentials)
        {
            form["grant_type"] = "client_credentials";
            return form;
        }

        form["grant_type"] = "refresh_token";
        Add(form, "refresh_token", settings.RefreshToken);
        return form;
    }

    private static void Add(Dictionary<string, string> form, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            form[name] = value;
        }
    }

    private TokenAnswer Keep(OAuthSettings settings, JsonElement answer)
    {
        if (Text(answer, "access_token") is not { Length: > 0 and < 16_384 } token || token.Any(char.IsControl))
        {
            return new TokenAnswer.NoAnswer();
        }

        var seconds = answer.TryGetProperty("expires_in", out var lifetime) && lifetime.ValueKind == JsonValueKind.Number && lifetime.TryGetInt64(out var given)
            ? Math.Clamp(given, 0, 86_400)
            : 300;
        var granted = new TokenAnswer.Granted(token, Text(answer, "refresh_token") is { Length: > 0 and < 16_384 } rotated ? rotated : settings.RefreshToken);
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        // Under the old refresh token too: whoever still holds it gets the new one from here.
        var kept = new Kept(granted, clock.GetUtcNow() + TimeSpan.FromSeconds(seconds) - Early);
        _kept[Key(settings)] = kept;
        _kept[Key(settings with { RefreshToken = granted.RefreshToken })] = kept;
        return granted;
    }

    private static TokenAnswer.Refused Refusal(JsonElement answer) => new(Text(answer, "error") switch
    {
        "invalid_client" or "unauthorized_client" => TokenRefusal.Client,
        "invalid_grant" => TokenRefusal.Grant,
        "invalid_scope" => TokenRefusal.Scope,
        _ => TokenRefusal.Other,
    });

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Whoever does not know the secrets does not find the token.
    private static string Key(OAuthSettings settings) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', settings.Grant, settings.TokenEndpoint, settings.ClientId, settings.ClientSecret, settings.RefreshToken, settings.Scope))));

    private sealed record Kept(TokenAnswer.Granted Granted, DateTimeOffset Until);
}
