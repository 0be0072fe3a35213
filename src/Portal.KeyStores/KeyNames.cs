using System.Buffers;
using Portal.Smime.Keys;

namespace Portal.KeyStores;

/// <summary>What keys may be called: in a Key Vault nothing else is allowed, so nowhere.</summary>
internal static class KeyNames
{
    private const int Longest = 127;
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

    /// <exception cref="ArgumentException">Not 1 to 127 characters of [0-9A-Za-z-].</exception>
    public static void Demand(string name)
    {
        if (name.Length is 0 or > Longest || name.AsSpan().ContainsAnyExcept(Characters))
        {
            throw new ArgumentException("A name has 1 to 127 characters of [0-9A-Za-z-].", nameof(name));
        }
    }

    /// <exception cref="KeyStoreException">It is in another store.</exception>
    public static void DemandIn(string store, KeyReference reference)
    {
        if (reference.Store != store)
        {
            throw new KeyStoreException(KeyStoreFailure.NotFound, $"The key {reference} is not in the store {store}.");
        }
    }
}
