using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>What a vault asks for in WWW-Authenticate (Azure Key Vault, "Authentication, requests and responses").</summary>
/// <param name="Scope">For a token.</param>
/// <param name="TenantId">Of the authority that is named; null for none.</param>
internal sealed partial record VaultChallenge(string Scope, string? TenantId)
{
    /// <param name="header">Value of WWW-Authenticate.</param>
    /// <param name="vault">That was asked: a token for anything else is not sought (a vault could be used elsewhere otherwise).</param>
    /// <returns>Null when it is no challenge, or one for another resource.</returns>
    public static VaultChallenge? Read(string header, Uri vault)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !value.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return null;
        }

        var parameters = Parameter().Matches(value.Parameter).GroupBy(one => one.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(one => one.Key, one => one.First().Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
        var scope = parameters.GetValueOrDefault("scope") ?? (parameters.TryGetValue("resource", out var resource) ? $"{resource.TrimEnd('/')}/.default" : null);
        return scope is not null && Uri.TryCreate(scope, UriKind.Absolute, out var wanted) && Covers(wanted, vault)
            ? new VaultChallenge(scope, TenantOf(parameters.GetValueOrDefault("authorization") ?? parameters.GetValueOrDefault("authorization_uri")))
            : null;
    }

    // vault.azure.net for contoso.vault.azure.net; an emulator is its own resource.
    private static bool Covers(Uri resource, Uri vault) => resource.Scheme == Uri.UriSchemeHttps
        && (vault.Host.Equals(resource.Host, StringComparison.OrdinalIgnoreCase) || vault.Host.EndsWith($".{resource.Host}", StringComparison.OrdinalIgnoreCase));

    private static string? TenantOf(string? authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri) && uri.Segments is [_, var tenant, ..] ? tenant.Trim('/') : null;

    [GeneratedRegex("""(?<name>[a-z_]+)\s*=\s*"?(?<value>[^",\s]*)"?""", RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();
}
