using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>
/// The keys of one vault by its documented REST interface (Azure Key Vault, Keys, 7.4), until the package
/// Azure.Security.KeyVault.Keys can be had: this class is what it would replace.
/// </summary>
internal sealed class VaultClient(HttpPipeline pipeline, Uri vault, VaultRetry retry, TimeProvider clock)
{
    private const string Version = "7.4";
    private const int PageSize = 25;

    /// <summary>Primes take their time, in hardware too.</summary>
    private static readonly TimeSpan PatienceForKeys = TimeSpan.FromSeconds(60);

    /// <summary>Create Key. Over a name that is in use it would make another version.</summary>
    public Task<JsonNode> CreateAsync(string name, JsonObject parameters, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Post, $"/keys/{name}/create", parameters, [], PatienceForKeys, cancellationToken);

    /// <summary>Import Key.</summary>
    public Task<JsonNode> ImportAsync(string name, JsonObject parameters, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Put, $"/keys/{name}", parameters, cancellationToken);

    /// <summary>Get Key: its newest version.</summary>
    public Task<JsonNode> GetAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, $"/keys/{name}", null, cancellationToken);

    /// <summary>Update Key: attributes of one version.</summary>
    public Task<JsonNode> UpdateAsync(string name, string version, JsonObject parameters, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Patch, $"/keys/{name}/{version}", parameters, cancellationToken);

    /// <summary>Sign.</summary>
    /// <returns>The signature.</returns>
    public async Task<byte[]> SignAsync(string name, string version, string algorithm, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken) =>
        Value(await SendAsync(RequestMethod.Post, $"/keys/{name}/{version}/sign", Operand(algorithm, digest), cancellationToken));

    /// <summary>Unwrap Key.</summary>
    /// <returns>The key; empty when the bytes do not unwrap.</returns>
    public async Task<byte[]> UnwrapAsync(string name, string version, string algorithm, ReadOnlyMemory<byte> encryptedKey, CancellationToken cancellationToken)
    {
        using var message = await ExchangeAsync(RequestMethod.Post, $"/keys/{name}/{version}/unwrapkey", Operand(algorithm, encryptedKey), [], null, cancellationToken);
        return VaultFailures.IsBadParameter(message.Response) ? [] : Value(Content(message.Response));
    }

    /// <summary>Delete Key: all versions. Where the vault keeps what was deleted, it can be recovered for as many days as the vault says.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => SendAsync(RequestMethod.Delete, $"/keys/{name}", null, cancellationToken);

    /// <summary>Get Keys, page by page.</summary>
    public async IAsyncEnumerable<JsonNode> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = await SendAsync(RequestMethod.Get, "/keys", null, [("maxresults", $"{PageSize}")], null, cancellationToken);
        while (true)
        {
            foreach (var key in page["value"]?.AsArray() ?? [])
            {
                yield return key!;
            }

            if (Next((string?)page["nextLink"]) is not { } next)
            {
                yield break;
            }

            page = await SendAsync(RequestMethod.Get, "/keys", null, next, null, cancellationToken);
        }
    }

    private static JsonObject Operand(string algorithm, ReadOnlyMemory<byte> value) => new() { ["alg"] = algorithm, ["value"] = Base64Url.EncodeToString(value.Span) };

    private static byte[] Value(JsonNode answer) => Base64Url.DecodeFromChars((string?)answer["value"] ?? string.Empty);

    // Of a link only its query is followed: the vault is the one that is set.
    private static (string, string)[]? Next(string? link) => Uri.TryCreate(link, UriKind.Absolute, out var uri)
        ? uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=', 2))
            .Where(one => one is [not "api-version", _]).Select(one => (one[0], WebUtility.UrlDecode(one[1]))).ToArray()
        : null;

    private Task<JsonNode> SendAsync(RequestMethod method, string path, JsonObject? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body, [], null, cancellationToken);

    private async Task<JsonNode> SendAsync(
        RequestMethod method, string path, JsonObject? body, (string Name, string Value)[] query, TimeSpan? patience, CancellationToken cancellationToken)
    {
        using var message = await ExchangeAsync(method, path, body, query, patience, cancellationToken);
        return Content(message.Response);
    }

    private JsonNode Content(Response response)
    {
        if (response.IsError)
        {
            throw VaultFailures.Of(response, vault);
        }

        try
        {
            return JsonNode.Parse(response.Content)!;
        }
        catch (JsonException exception)
        {
            throw VaultFailures.Of(exception, vault, CancellationToken.None)!;
        }
    }

    private async Task<HttpMessage> ExchangeAsync(
        RequestMethod method, string path, JsonObject? body, (string Name, string Value)[] query, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (retry.NotBefore is var until && until > clock.GetUtcNow())
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The vault {vault.Host} wants to be left alone until {until:u}.");
        }

        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(vault);
        message.Request.Uri.AppendPath(path, escape: false);
        message.Request.Uri.AppendQuery("api-version", Version);
        foreach (var (name, value) in query)
        {
            message.Request.Uri.AppendQuery(name, value);
        }

        message.Request.Headers.SetValue(HttpHeader.Names.Accept, "application/json");
        if (body is not null)
        {
            message.Request.Headers.SetValue(HttpHeader.Names.ContentType, "application/json");
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(body));
        }

        message.NetworkTimeout = patience;
        try
        {
            await pipeline.SendAsync(message, cancellationToken);
            return message;
        }
        catch (Exception exception)
        {
            message.Dispose();
            if (VaultFailures.Of(exception, vault, cancellationToken) is { } failure)
            {
                throw failure;
            }

            throw;
        }
    }
}
