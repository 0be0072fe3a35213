using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>The way to one vault, made at its first use: connections, retries, authentication.</summary>
internal sealed class VaultConnection(AzureKeyVaultOptions options, TimeProvider clock) : IDisposable
{
    private const int MostRetries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<IDisposable> _owned = [];
    private VaultClient? _client;

    /// <exception cref="KeyStoreException">It is not set as it has to be.</exception>
    public VaultClient Client
    {
        get
        {
            lock (_gate)
            {
                return _client ??= Connect();
            }
        }
    }

    public void Dispose() => _owned.ForEach(one => one.Dispose());

    private VaultClient Connect()
    {
        if (options.Url is not { IsAbsoluteUri: true, Scheme: "https", AbsolutePath: "/" } url)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, "A vault's Url begins with https:// and has no path.");
        }

        var handler = Own(Handler());
        var retry = new VaultRetry(MostRetries, clock);
        var settings = new VaultClientOptions
        {
            Transport = Own(new HttpClientTransport(handler)),
            Retry = { NetworkTimeout = Patience },
            RetryPolicy = retry,
            Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false, IsDistributedTracingEnabled = false },
        };
        var authentication = Own(new VaultAuthentication(Credential(handler), url, clock));
        return new VaultClient(HttpPipelineBuilder.Build(settings, [], [authentication], new ResponseClassifier()), url, retry, clock);
    }

    private TokenCredential Credential(SocketsHttpHandler handler) => options.Credential switch
    {
        VaultCredential.Default => new DefaultAzureCredential(includeInteractiveCredentials: false),
        VaultCredential.ManagedIdentity => new ManagedIdentityCredential(options.ClientId is { Length: > 0 } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned),
        VaultCredential.WorkloadIdentity => new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { TenantId = options.TenantId, ClientId = options.ClientId }),
        VaultCredential.ClientSecret => new ClientSecretCredential(Demand(options.TenantId), Demand(options.ClientId), Demand(options.ClientSecret)),
        VaultCredential.ClientCertificate => new ClientCertificateCredential(Demand(options.TenantId), Demand(options.ClientId), Demand(options.ClientCertificateFile)),
        VaultCredential.TokenEndpoint => new TokenEndpointCredential(Own(new HttpMessageInvoker(handler, disposeHandler: false)), options.TokenEndpoint ?? throw Missing(nameof(options.TokenEndpoint)), clock),
    };

    private string Demand(string? value, [CallerArgumentExpression(nameof(value))] string name = "") => value is { Length: > 0 } ? value : throw Missing(name.Split('.')[^1]);

    private KeyStoreException Missing(string setting) => new(KeyStoreFailure.Unavailable, $"The credential {options.Credential} needs the setting {setting}.");

    private SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        if (options.CertificateAuthorityFile is { Length: > 0 } file)
        {
            handler.SslOptions.CertificateChainPolicy = Policy(file);
        }

        return handler;
    }

    private static X509ChainPolicy Policy(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            return policy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The file {file} with the authority of a vault's certificate cannot be read.", exception);
        }
    }

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    private sealed class VaultClientOptions : ClientOptions;
}
