using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>Records that the use was requested, in a commit of its own, before the store is asked.</summary>
internal sealed class BrokeredKey(KeyBroker broker, Actor actor, ManagedKey key, IPrivateKey inner) : IPrivateKey
{
    public KeyReference Reference => inner.Reference;

    public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.SignDigestAsync(digest, scheme, cancellationToken), cancellationToken);

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.SignMessageAsync(message, scheme, cancellationToken), cancellationToken);

    public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken), cancellationToken);

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.DeriveAsync(peerPublicKey, cancellationToken), cancellationToken);

    private async Task<ReadOnlyMemory<byte>> AccountedAsync(Func<Task<ReadOnlyMemory<byte>>> use, CancellationToken cancellationToken)
    {
        await broker.RecordAsync(actor, AuditAction.KeyUseRequested, key.Id, key.Purpose, cancellationToken);
        try
        {
            return await use();
        }
        catch (KeyStoreException)
        {
            await broker.RecordAsync(actor, AuditAction.KeyUseFailed, key.Id, key.Purpose, cancellationToken);
            throw;
        }
    }
}
