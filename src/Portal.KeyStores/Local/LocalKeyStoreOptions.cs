namespace Portal.KeyStores.Local;

/// <summary>The key store that seals software keys under a master key.</summary>
internal sealed class LocalKeyStoreOptions
{
    public const string Section = "Portal:KeyStores:Local";

    /// <summary>32 bytes in base64, from the environment; every node the same.</summary>
    public string? MasterKey { get; init; }

    /// <summary>Used when there is no MasterKey, master.key in the data directory unless set; made with mode 0600 when missing.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>Former master keys in base64, separated by commas: they open what was sealed under them, and seal nothing.</summary>
    public string? OlderMasterKeys { get; init; }

    /// <summary>Name of another key store: a key of its wraps the master key, which then is in the database, and nowhere in the clear.</summary>
    public string? SealedBy { get; init; }
}
