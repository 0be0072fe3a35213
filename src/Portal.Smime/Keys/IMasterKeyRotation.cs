namespace Portal.Smime.Keys;

/// <summary>A new master key in the place of the old one, while everything runs: what is sealed under either opens.</summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when a key, a place or the storage cannot be used.</remarks>
public interface IMasterKeyRotation
{
    /// <summary>Whether what is sealed under it opens here.</summary>
    Task<bool> HasMasterKeyAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Makes a master key that seals from now on. The former one still opens.</summary>
    /// <returns>Its fingerprint.</returns>
    Task<string> RenewMasterKeyAsync(CancellationToken cancellationToken);

    /// <summary>Seals everything under the current master key that is not. Harmless to end half way, or to do twice.</summary>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<Resealing> ResealAsync(IProgress<int>? progress, CancellationToken cancellationToken);
}

/// <param name="Keys">That were sealed anew.</param>
/// <param name="MasterKey">Fingerprint of the one that all are sealed under now.</param>
public sealed record Resealing(int Keys, string MasterKey);
