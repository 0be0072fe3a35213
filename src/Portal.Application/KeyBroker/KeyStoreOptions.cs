namespace Portal.Application.KeyBroker;

/// <summary>Where keys are held.</summary>
internal sealed class KeyStoreOptions
{
    public const string Section = "Portal:KeyStores";

    /// <summary>Name of the key store that holds the installation's own keys and, unless it chooses others, a new organisation's.</summary>
    public string Default { get; init; } = "local";
}
