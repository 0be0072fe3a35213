using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Identity;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>Tokens from an address that hands them out, as Azure's instance metadata service does ("How to use managed identities to acquire a token").</summary>
internal sealed class TokenEndpointCredential(HttpMessageInvoker http, Uri endpoint, TimeProvider clock) : TokenCredential
{
    private const string Everything = "/.default";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A token is asked for asynchronously.");

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var scope = requestContext.Scopes[0];
        var resource = scope.EndsWith(Everything, StringComparison.Ordinal) ? scope[..^Everything.Length] : scope;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{endpoint}?api-version=2018-02-01&resource={Uri.EscapeDataString(resource)}");
        request.Headers.Add("Metadata", "true");
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return new AccessToken((string?)answer?["access_token"] ?? throw new AuthenticationFailedException("There is no access_token."), Expiry(answer!["expires_on"]));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException)
        {
            throw new AuthenticationFailedException("The token endpoint gives no token.", exception);
        }
    }

    // Seconds since 1970, as a number or as text; without them a token is used once.
    private DateTimeOffset Expiry(JsonNode? seconds) =>
        long.TryParse(seconds?.ToString(), CultureInfo.InvariantCulture, out var value) ? DateTimeOffset.FromUnixTimeSeconds(value) : clock.GetUtcNow();
}
