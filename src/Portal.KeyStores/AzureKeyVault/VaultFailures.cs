using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Identity;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>A vault's answers (Azure Key Vault, REST API error codes) as a key store's failures.</summary>
internal static class VaultFailures
{
    private const string BadParameter = nameof(BadParameter);

    /// <summary>What was to be computed cannot be: of unwrapkey, that the bytes do not unwrap.</summary>
    public static bool IsBadParameter(Response response) => response.Status == 400 && Code(response) == BadParameter;

    public static KeyStoreException Of(Response response, Uri vault)
    {
        var code = Code(response);
        return (response.Status, code) switch
        {
            (400, BadParameter) => new(KeyStoreFailure.Refused, $"The vault {vault.Host} does not compute this ({code})."),
            (401, _) => new(KeyStoreFailure.Unavailable, $"The vault {vault.Host} does not know who we are, or takes no token of ours."),
            (403, "KeyDisabled") => new(KeyStoreFailure.Refused, $"The key is disabled in the vault {vault.Host}."),
            (403, _) => new(KeyStoreFailure.Refused, $"The vault {vault.Host} does not let us do this ({code ?? "Forbidden"})."),
            (404, _) => new(KeyStoreFailure.NotFound, $"The vault {vault.Host} has no such key."),
            (409, _) => new(KeyStoreFailure.Refused, $"The name is taken in the vault {vault.Host}, perhaps by a key that was deleted and can be recovered."),
            (400 or 405 or 501, _) => new(KeyStoreFailure.NotSupported, $"The vault {vault.Host} does not support this ({code ?? $"{response.Status}"})."),
            (429, _) => new(KeyStoreFailure.Unavailable, $"The vault {vault.Host} is asked more often than it allows."),
            _ => new(KeyStoreFailure.Unavailable, $"The vault {vault.Host} does not answer as it should ({response.Status})."),
        };
    }

    /// <returns>Null for what is none of the vault's failures, such as the caller's own cancellation.</returns>
    public static KeyStoreException? Of(Exception exception, Uri vault, CancellationToken cancellationToken) => exception switch
    {
        AuthenticationFailedException => new(KeyStoreFailure.Unavailable, $"There is no token for the vault {vault.Host}: the credential that is set does not work.", exception),
        RequestFailedException or AggregateException or JsonException or IOException or InvalidOperationException =>
            new(KeyStoreFailure.Unavailable, $"The vault {vault.Host} cannot be reached.", exception),
        OperationCanceledException when !cancellationToken.IsCancellationRequested => new(KeyStoreFailure.Unavailable, $"The vault {vault.Host} does not answer in time.", exception),
        _ => null,
    };

    private static string? Code(Response response)
    {
        try
        {
            var error = JsonNode.Parse(response.Content)?["error"];
            return (string?)error?["innererror"]?["code"] ?? (string?)error?["code"];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
