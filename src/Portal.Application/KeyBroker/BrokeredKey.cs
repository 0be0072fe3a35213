using System.Collections.Concurrent;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.KeyBroker;

/// <summary>Records that the use was requested, in a commit of its own, before the store is asked.</summary>
/// <param name="broker">Keeps the record.</param>
/// <param name="actor">Who uses it.</param>
/// <param name="key">Which.</param>
/// <param name="task">For what.</param>
/// <param name="inner">In its store.</param>
/// <param name="isMany">All uses are one on record, requested before the first: answers to strangers, who would fill the record.</param>
internal sealed class BrokeredKey(KeyBroker broker, Actor actor, ManagedKey key, KeyTask task, IPrivateKey inner, bool isMany) : IPrivateKey
{
    private readonly Lazy<Task> _request = new(() => broker.RequestAsync(actor, key.Id, task, CancellationToken.None));
    private int _uses;
    private readonly ConcurrentQueue<AuditEvent> _outcomes = [];

    public KeyReference Reference => inner.Reference;

    public ManagedKeyId Id => key.Id;

    /// <summary>Why the store did not compute, the last time.</summary>
    public KeyStoreFailure? Failure { get; private set; }

    /// <summary>What the uses so far came to: on record with the work that they were for.</summary>
    public IReadOnlyCollection<AuditEvent> Outcomes => !isMany ? _outcomes : _uses == 0 ? [] : [KeyBroker.Event(actor, AuditAction.KeyUsed, key.Id, task, _uses)];

    public Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.SignDigestAsync(digest, scheme, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> SignDigestsAsync(IReadOnlyList<ReadOnlyMemory<byte>> digests, SignatureScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.SignDigestsAsync(digests, scheme, cancellationToken), cancellationToken, digests.Count);

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.SignMessageAsync(message, scheme, cancellationToken), cancellationToken);

    public Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken), cancellationToken);

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
        AccountedAsync(() => inner.DeriveAsync(peerPublicKey, cancellationToken), cancellationToken);

    private async Task<TResult> AccountedAsync<TResult>(Func<Task<TResult>> use, CancellationToken cancellationToken, int uses = 1)
    {
        await (isMany ? _request.Value : broker.RequestAsync(actor, key.Id, task, cancellationToken));
        try
        {
            var result = await use();
            Interlocked.Add(ref _uses, uses);
            if (!isMany)
            {
                _outcomes.Enqueue(KeyBroker.Event(actor, AuditAction.KeyUsed, key.Id, task, uses == 1 ? null : uses));
            }

            if (key.RefusedAt is not null)
            {
                await broker.WorksAgainAsync(actor, key.Id, cancellationToken);
            }

            return result;
        }
        catch (KeyStoreException exception)
        {
            Failure = exception.Failure;
            await broker.FailedAsync(actor, key.Id, task, exception, CancellationToken.None);
            throw;
        }
        catch (OperationCanceledException)
        {
            // Whoever gave up waiting leaves no use without an end.
            await broker.RecordAsync(actor, AuditAction.KeyUseFailed, key.Id, task, CancellationToken.None);
            throw;
        }
    }
}
