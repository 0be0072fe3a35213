using Microsoft.Extensions.Time.Testing;
using Portal.KeyStores.AzureKeyVault;
using Portal.Smime.Keys;
using Portal.Testing.KeyVault;

namespace Portal.KeyStores.Tests.AzureKeyVault;

/// <summary>Authentication, throttling, and what others do to keys behind our back.</summary>
public sealed class VaultProtocolTests : IAsyncLifetime
{
    private readonly Vault _vault = new();
    private AzureKeyVaultKeyStore _store = null!;

    private KeyVaultServer Server => _vault.Server;

    public async ValueTask InitializeAsync()
    {
        await _vault.InitializeAsync();
        _store = new AzureKeyVaultKeyStore("vault", _vault.Options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _vault.DisposeAsync();
    }

    [Fact]
    public async Task One_challenge_and_one_token_serve_many_requests()
    {
        var key = await SigningKeyAsync();
        for (var count = 0; count < 5; count++)
        {
            await SignAsync(key);
        }

        Assert.Equal(1, Server.TokensGiven);
        Assert.Single(Server.Requests, request => request.Status == 401);
    }

    [Fact]
    public async Task A_challenge_for_another_resource_is_not_answered()
    {
        Server.Resource = "https://vault.azure.net";

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => _store.CheckAsync(default));

        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Equal(0, Server.TokensGiven);
    }

    [Theory]
    [InlineData("""Bearer authorization="https://login.windows.net/tenant", resource="https://vault.azure.net" """, "https://vault.azure.net/.default")]
    [InlineData("""Bearer authorization="https://login.windows.net/tenant", scope="https://managedhsm.azure.net/.default" """, null)]
    [InlineData("""Bearer authorization="https://login.windows.net/tenant", resource="https://vault.azure.net.evil.example" """, null)]
    [InlineData("""Bearer authorization="https://login.windows.net/tenant", resource="https://azure.net.evil" """, null)]
    [InlineData("""Bearer authorization="https://login.windows.net/tenant", resource="http://vault.azure.net" """, null)]
    [InlineData("""Bearer resource="t" """, null)]
    [InlineData("Basic realm=x", null)]
    [InlineData("Bearer", null)]
    public void Only_a_challenge_for_this_vault_counts(string header, string? scope)
    {
        var challenge = VaultChallenge.Read(header.Trim(), new Uri("https://contoso.vault.azure.net"));

        Assert.Equal((scope, scope is null ? null : "tenant"), (challenge?.Scope, challenge?.TenantId));
    }

    [Fact]
    public void A_managed_hsm_has_a_resource_of_its_own() => Assert.Equal(
        "https://managedhsm.azure.net/.default",
        VaultChallenge.Read("Bearer authorization=\"https://login.windows.net/t\", resource=\"https://managedhsm.azure.net\"", new Uri("https://contoso.managedhsm.azure.net"))!.Scope);

    [Fact]
    public async Task A_token_that_counts_no_more_is_replaced()
    {
        var key = await SigningKeyAsync();
        Server.WithdrawTokens();

        await SignAsync(key);

        Assert.Equal(1, Server.TokensGiven);
        Assert.Equal(2, Server.Requests.Count(request => request.Status == 401));
    }

    [Fact]
    public async Task Where_kid_points_is_nobodys_business()
    {
        Server.KeyAuthority = "https://elsewhere.example";

        var key = await SigningKeyAsync();

        Assert.NotEmpty((await SignAsync(key)).ToArray());
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_vault_wants_it()
    {
        var key = await SigningKeyAsync();
        var refused = 0;
        Server.Fault = request => request.Path.Value!.EndsWith("/sign", StringComparison.Ordinal) && refused++ == 0 ? new VaultFault(429) { RetryAfter = 2 } : null;

        await SignAsync(key);

        var tries = Server.Requests.Where(request => request.Path.EndsWith("/sign", StringComparison.Ordinal)).ToList();
        Assert.Equal([429, 200], tries.Select(one => one.Status));
        Assert.True(tries[1].At - tries[0].At >= TimeSpan.FromSeconds(2), $"{tries[1].At - tries[0].At}");
    }

    [Fact]
    public async Task A_vault_that_wants_an_hour_is_given_it_and_nobody_waits_for_that()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var store = new AzureKeyVaultKeyStore("vault", _vault.Options, clock);
        await store.CheckAsync(default);
        Server.Fault = _ => new VaultFault(429) { RetryAfter = 3600 };
        await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));
        Server.Fault = null;
        var asked = Server.Requests.Count;

        clock.Advance(TimeSpan.FromMinutes(59));
        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));

        Assert.Equal((KeyStoreFailure.Unavailable, asked), (exception.Failure, Server.Requests.Count));
        Assert.Contains("wants to be left alone until", exception.Message, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(2));
        await store.CheckAsync(default);
    }

    [Fact]
    public async Task A_key_that_was_disabled_is_refused_until_it_is_enabled()
    {
        var key = await SigningKeyAsync();
        Server.Enable(key.Reference.Name, false);

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => SignAsync(key));

        Assert.Equal(KeyStoreFailure.Refused, exception.Failure);
        Assert.Contains("disabled", exception.Message, StringComparison.Ordinal);
        Server.Enable(key.Reference.Name, true);
        await SignAsync(key);
    }

    [Fact]
    public async Task A_name_that_was_deleted_and_can_be_recovered_is_taken()
    {
        var created = await _store.CreateAsync("once", KeyAlgorithm.P256, KeyUse.Sign, default);
        await _store.DestroyAsync(created.Reference, default);

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => _store.CreateAsync("once", KeyAlgorithm.P256, KeyUse.Sign, default));

        Assert.Equal(KeyStoreFailure.Refused, exception.Failure);
    }

    [Fact]
    public async Task A_vault_that_is_away_is_unavailable_and_named()
    {
        using var store = new AzureKeyVaultKeyStore(
            "vault",
            new AzureKeyVaultOptions { Url = new Uri("https://localhost:9"), Credential = VaultCredential.TokenEndpoint, TokenEndpoint = new Uri("https://localhost:9/token") },
            TimeProvider.System);

        var exception = await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default));

        Assert.Equal(KeyStoreFailure.Unavailable, exception.Failure);
        Assert.Contains("localhost", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("https://localhost:1/keys")]
    public async Task An_address_that_is_no_vaults_is_said(string url)
    {
        using var store = new AzureKeyVaultKeyStore("vault", new AzureKeyVaultOptions { Url = new Uri(url) }, TimeProvider.System);

        Assert.Contains("begins with https://", (await Assert.ThrowsAsync<KeyStoreException>(() => store.CheckAsync(default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_that_the_vault_failed()
    {
        var key = await SigningKeyAsync();
        Server.Fault = _ => new VaultFault(0) { Hangs = true };
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, giveUp.Token));
    }

    private async Task<IPrivateKey> SigningKeyAsync() =>
        _store.Open((await _store.CreateAsync($"protocol-{Guid.NewGuid():N}", KeyAlgorithm.P256, KeyUse.Sign, default)).Reference);

    private static Task<ReadOnlyMemory<byte>> SignAsync(IPrivateKey key) => key.SignDigestAsync(new byte[32], SignatureScheme.EcdsaSha256, default);
}
