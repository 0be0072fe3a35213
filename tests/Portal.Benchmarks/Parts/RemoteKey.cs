using Portal.Smime.Keys;

namespace Portal.Benchmarks.Parts;

/// <summary>A key as far away as a vault is.</summary>
internal sealed class RemoteKey(IPrivateKey key, TimeSpan distance) : IPrivateKey
{
    public KeyReference Reference => key.Reference;

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        await Task.Delay(distance, cancellationToken);
        return await key.SignDigestAsync(digest, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        await Task.Delay(distance, cancellationToken);
        return await key.SignMessageAsync(message, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken)
    {
        await Task.Delay(distance, cancellationToken);
        return await key.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken)
    {
        await Task.Delay(distance, cancellationToken);
        return await key.DeriveAsync(peerPublicKey, cancellationToken);
    }
}
