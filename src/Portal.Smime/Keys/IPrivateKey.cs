namespace Portal.Smime.Keys;

/// <summary>A private key that never leaves its store; we see only what it computes.</summary>
/// <remarks>Every member throws <see cref="KeyStoreException"/> when the store cannot or will not answer.</remarks>
public interface IPrivateKey
{
    KeyReference Reference { get; }

    Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken);

    /// <summary>Many under one key; a store that has to fetch it, or unseal it, does that once.</summary>
    /// <returns>In their order.</returns>
    async Task<IReadOnlyList<ReadOnlyMemory<byte>>> SignDigestsAsync(IReadOnlyList<ReadOnlyMemory<byte>> digests, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        var signatures = new ReadOnlyMemory<byte>[digests.Count];
        await Parallel.ForAsync(0, digests.Count, cancellationToken, async (at, stopping) => signatures[at] = await SignDigestAsync(digests[at], scheme, stopping));
        return signatures;
    }

    /// <summary>Signs the bytes themselves (Ed25519, ML-DSA), where the scheme takes no digest.</summary>
    Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken);

    /// <summary>Recovers a content-encryption key (RFC 5652 §6.2.1).</summary>
    /// <returns>
    /// The key, in memory that the caller zeroes after use, or nothing at all when the store says that the bytes do not
    /// unwrap. The caller goes on with a random key of the expected length, so that nobody outside learns which it was
    /// (RFC 3218 §2.3.2).
    /// </returns>
    Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken);

    /// <summary>Raw ECDH shared secret with the peer's point (RFC 5753).</summary>
    /// <param name="peerPublicKey">DER SubjectPublicKeyInfo on the same curve.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken);
}
