using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;

namespace Portal.Smime.Tests.Support;

/// <summary>A private key in the test's own memory. Counts its calls, and answers asynchronously as remote keys do.</summary>
internal sealed class TestKey(AsymmetricAlgorithm key) : IPrivateKey
{
    public int Calls { get; private set; }

    /// <summary>Thrown instead of answering.</summary>
    public KeyStoreFailure? Failure { get; init; }

    public KeyReference Reference => new("test", "key", "1");

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        var hash = digest.Length switch { 32 => HashAlgorithmName.SHA256, 48 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return key is RSA rsa
            ? rsa.SignHash(digest.Span, hash, RSASignaturePadding.Pkcs1)
            : ((ECDsa)key).SignHash(digest.Span, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.NotSupported, "Not here.");

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(ReadOnlyMemory<byte> encryptedKey, KeyTransportScheme scheme, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        try
        {
            return ((RSA)key).Decrypt(encryptedKey.Span, KeyTransportAlgorithm.Padding(scheme));
        }
        catch (CryptographicException)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    public Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.NotSupported, "Not here.");

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
