namespace Portal.KeyStores.AzureKeyVault;

internal enum VaultCredential
{
    /// <summary>Whatever the machine has: environment, workload identity, managed identity (Azure.Identity's DefaultAzureCredential).</summary>
    Default,
    ManagedIdentity,
    WorkloadIdentity,
    ClientSecret,
    ClientCertificate,

    /// <summary>TokenEndpoint hands out tokens to whoever reaches it, as emulators do.</summary>
    TokenEndpoint,
}

/// <summary>A vault of Azure Key Vault, or a managed HSM, as a key store called NAME; any number of them.</summary>
internal sealed class AzureKeyVaultOptions
{
    public const string Sections = "Portal:KeyStores:AzureKeyVault";
    public const string Section = $"{Sections}:NAME";

    /// <summary>Such as https://contoso.vault.azure.net or https://contoso.managedhsm.azure.net.</summary>
    public Uri? Url { get; init; }

    /// <summary>Keys are made in the vault's hardware (kty RSA-HSM and EC-HSM): Premium vaults, and always a managed HSM.</summary>
    public bool Hardware { get; init; }

    /// <summary>Who the portal is to the vault.</summary>
    public VaultCredential Credential { get; init; }

    /// <summary>Microsoft Entra's, for ClientSecret and ClientCertificate.</summary>
    public string? TenantId { get; init; }

    /// <summary>Of the application, or of a managed identity that is not the machine's own.</summary>
    public string? ClientId { get; init; }

    /// <summary>From the environment.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>PEM or PKCS#12 with the private key, for ClientCertificate.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>Answers GET ?resource=… with access_token and expires_on, as Azure's instance metadata does.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>PEM of the authority that the vault's certificate comes from, where that is none of the system's.</summary>
    public string? CertificateAuthorityFile { get; init; }
}
