using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Smime.Tests.Support;

/// <summary>A private key in the test's own memory. Counts its calls, and answers asynchronously as remote keys do.</summary>
internal sealed class TestKey : IPrivateKey
{
    private static readonly KeyReference Name = new("test", "key", "1");
    private readonly SoftwareKey _key;

    public TestKey(AsymmetricAlgorithm key)
        : this(SoftwareKey.Import(key.ExportPkcs8PrivateKey(), Name))
    {
    }

    public TestKey(SoftwareKey key) => _key = key;

    public int Calls { get; private set; }

    /// <summary>Thrown instead of answering.</summary>
    public KeyStoreFailure? Failure { get; init; }

    public KeyReference Reference => Name;

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return await _key.SignDigestAsync(digest, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return await _key.SignMessageAsync(message, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return await _key.UnwrapKeyAsync(encryptedKey, scheme, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return await _key.DeriveAsync(peerPublicKey, cancellationToken);
    }

    private async Task AnswerAsync()
    {
        Calls++;
        await Task.Yield();
        if (Failure is { } failure)
        {
            throw new KeyStoreException(failure, "As the test wants it.");
        }
    }
}
