using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

internal sealed class LocalPrivateKey(KeyReference reference, IMasterKeys masters, ISealedKeyStorage storage) : IPrivateKey
{
    public KeyReference Reference => reference;

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Sign, cancellationToken);
        return await key.SignDigestAsync(digest, scheme, cancellationToken);
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> SignDigestsAsync(IReadOnlyList<ReadOnlyMemory<byte>> digests, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Sign, cancellationToken);
        var signatures = new List<ReadOnlyMemory<byte>>(digests.Count);
        foreach (var digest in digests)
        {
            signatures.Add(await key.SignDigestAsync(digest, scheme, cancellationToken));
        }

        return signatures;
    }

    public async Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Sign, cancellationToken);
        return await key.SignMessageAsync(message, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(
        ReadOnlyMemory<byte> encryptedKey,
        KeyTransportScheme scheme,
        CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Decrypt, cancellationToken);
        return await key.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Decrypt, cancellationToken);
        return await key.DeriveAsync(peerPublicKey, cancellationToken);
    }

    private async Task<SoftwareKey> UnsealAsync(KeyUse use, CancellationToken cancellationToken)
    {
        var sealedKey = await storage.ReadAsync(reference, cancellationToken)
            ?? throw new KeyStoreException(KeyStoreFailure.NotFound, $"There is no key {reference}.");
        using var key = KeySeal.Unseal(await masters.HolderOfAsync(reference, sealedKey, cancellationToken), reference, sealedKey);
        return key.Use == use
            ? SoftwareKey.Import(key.Pkcs8, reference)
            : throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is not for this use.");
    }
}
