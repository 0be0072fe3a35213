using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.AzureKeyVault;

/// <summary>The vault holds it to key_ops: a signing key unwraps nothing, and the other way round.</summary>
internal sealed class AzureKeyVaultPrivateKey(KeyReference reference, VaultClient vault) : IPrivateKey
{
    public KeyReference Reference => reference;

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        if (scheme.SignsMessages() || digest.Length != CryptographicOperations.HashData(scheme.Hash(), []).Length)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"{scheme} takes no digest, or none of this length.");
        }

        return await vault.SignAsync(reference.Name, reference.Version, VaultKeys.Algorithm(scheme)!, digest, cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} does not sign by {scheme}.");

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
        VaultKeys.Algorithm(scheme) is { } algorithm
            ? await vault.UnwrapAsync(reference.Name, reference.Version, algorithm, encryptedKey, cancellationToken)
            : throw new KeyStoreException(KeyStoreFailure.NotSupported, $"A key vault does not unwrap by {scheme}.");

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.Refused, "A key vault agrees on no keys.");
}
