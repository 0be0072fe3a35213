namespace Portal.Smime.Keys;

/// <summary>Names one version of one key in one store. Printable, and no secret.</summary>
/// <param name="Store">The store's configured name.</param>
/// <param name="Name">1 to 127 characters of [0-9A-Za-z-], unique in the store.</param>
/// <param name="Version">The store's own version identifier.</param>
public readonly record struct KeyReference(string Store, string Name, string Version)
{
    /// <summary>What <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out KeyReference reference)
    {
        reference = text.Split('/') is [var store, var name, var version] ? new KeyReference(store, name, version) : default;
        return reference != default;
    }

    public override string ToString() => $"{Store}/{Name}/{Version}";
}
