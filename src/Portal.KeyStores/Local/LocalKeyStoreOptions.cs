namespace Portal.KeyStores.Local;

/// <summary>The key store that seals software keys under a master key.</summary>
internal sealed class LocalKeyStoreOptions
{
    public const string Section = "Portal:KeyStores:Local";

    /// <summary>32 bytes in base64, from the environment; every node the same.</summary>
    public string? MasterKey { get; init; }

    /// <summary>Used when there is no MasterKey, master.key in the data directory unless set; made with mode 0600 when missing.</summary>
    public string? MasterKeyFile { get; init; }
}
