namespace Portal.Application.KeyBroker;

/// <summary>Where keys are held.</summary>
internal sealed class KeyStoreOptions
{
    public const string Section = "Portal:KeyStores";

    /// <summary>The store that is always there.</summary>
    public const string Local = "local";

    /// <summary>Name of the key store that holds the installation's own keys and, unless it chooses others, a new organisation's.</summary>
    public string Default { get; init; } = Local;
}
