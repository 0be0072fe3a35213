namespace Portal.Smime.Keys;

/// <summary>The key stores that are configured, for a store that needs another one.</summary>
public interface IKeyStores
{
    /// <exception cref="KeyStoreException">There is none of this name.</exception>
    IKeyStore Named(string name);
}
