namespace Portal.Smime.Keys;

/// <summary>
/// Where the master key is configured to be: looked at without making one. A backup names the key that it needs, and a
/// restored database is worth nothing beside another.
/// </summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when the place cannot be used.</remarks>
public interface IMasterKeyPlace
{
    /// <summary>In words, for an operator.</summary>
    string Where { get; }

    /// <returns>Tells one master key from another and nothing else of it; null when there is none yet.</returns>
    string? Fingerprint();

    /// <returns>For the caller to zero; null when there is none yet.</returns>
    byte[]? Export();

    /// <summary>Puts a master key where there is none yet.</summary>
    void Import(ReadOnlySpan<byte> secret);
}
