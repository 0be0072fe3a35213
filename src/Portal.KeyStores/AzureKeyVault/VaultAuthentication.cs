using Azure.Core;
using Azure.Core.Pipeline;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>
/// Authenticates as the vault's challenge says. The first request goes without body and token; a token that the vault
/// refuses is forgotten, and another one is asked for once.
/// </summary>
internal sealed class VaultAuthentication(TokenCredential credential, Uri vault, TimeProvider clock) : HttpPipelinePolicy, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _one = new(1);
    private VaultChallenge? _challenge;
    private AccessToken _token;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("A vault is asked asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var content = message.Request.Content;
        string? sent = null;
        if (_challenge is { } known)
        {
            sent = await AuthorizeAsync(message, known, refused: null);
        }
        else
        {
            message.Request.Content = null;
        }

        await ProcessNextAsync(message, pipeline);
        message.Request.Content = content;
        if (message.Response.Status == 401
            && message.Response.Headers.TryGetValue(HttpHeader.Names.WwwAuthenticate, out var header)
            && VaultChallenge.Read(header, vault) is { } challenge)
        {
            _challenge = challenge;
            await AuthorizeAsync(message, challenge, refused: sent);
            await ProcessNextAsync(message, pipeline);
        }
    }

    public void Dispose() => _one.Dispose();

    /// <param name="message">Gets the header.</param>
    /// <param name="challenge">What the token is for.</param>
    /// <param name="refused">A token that the vault does not take.</param>
    /// <returns>The token.</returns>
    private async Task<string> AuthorizeAsync(HttpMessage message, VaultChallenge challenge, string? refused)
    {
        string token;
        await _one.WaitAsync(message.CancellationToken);
        try
        {
            if (_token.Token is null || _token.Token == refused || clock.GetUtcNow() >= _token.ExpiresOn - Early)
            {
                _token = await credential.GetTokenAsync(new TokenRequestContext([challenge.Scope], tenantId: challenge.TenantId), message.CancellationToken);
            }

            token = _token.Token;
        }
        finally
        {
            _one.Release();
        }

        message.Request.Headers.SetValue(HttpHeader.Names.Authorization, $"Bearer {token}");
        return token;
    }
}
