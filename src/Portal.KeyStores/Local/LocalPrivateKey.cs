using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

internal sealed class LocalPrivateKey(KeyReference reference, KeySeal seal, ISealedKeyStorage storage) : IPrivateKey
{
    public KeyReference Reference => reference;

    public async Task<ReadOnlyMemory<byte>> SignDigestAsync(ReadOnlyMemory<byte> digest, SignatureScheme scheme, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Sign, cancellationToken);
        return LocalSignature.Sign(key, digest.Span, scheme);
    }

    public Task<ReadOnlyMemory<byte>> SignMessageAsync(ReadOnlyMemory<byte> message, SignatureScheme scheme, CancellationToken cancellationToken) =>
        throw new KeyStoreException(KeyStoreFailure.NotSupported, "This store signs digests only.");

    public async Task<ReadOnlyMemory<byte>> UnwrapKeyAsync(
        ReadOnlyMemory<byte> encryptedKey,
        KeyTransportScheme scheme,
        CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Decrypt, cancellationToken);
        if (!key.IsRsa)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is no RSA key.");
        }

        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        try
        {
            return rsa.Decrypt(encryptedKey.Span, Padding(scheme));
        }
        catch (CryptographicException)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    public async Task<ReadOnlyMemory<byte>> DeriveAsync(ReadOnlyMemory<byte> peerPublicKey, CancellationToken cancellationToken)
    {
        using var key = await UnsealAsync(KeyUse.Decrypt, cancellationToken);
        if (key.IsRsa)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} agrees on no keys.");
        }

        return LocalKeyAgreement.Derive(key, peerPublicKey.Span);
    }

    private static RSAEncryptionPadding Padding(KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.RsaPkcs1 => RSAEncryptionPadding.Pkcs1,
        KeyTransportScheme.RsaOaepSha1 => RSAEncryptionPadding.OaepSHA1,
        KeyTransportScheme.RsaOaepSha256 => RSAEncryptionPadding.OaepSHA256,
        KeyTransportScheme.RsaOaepSha384 => RSAEncryptionPadding.OaepSHA384,
        KeyTransportScheme.RsaOaepSha512 => RSAEncryptionPadding.OaepSHA512,
    };

    private async Task<UnsealedKey> UnsealAsync(KeyUse use, CancellationToken cancellationToken)
    {
        var sealedKey = await storage.ReadAsync(reference, cancellationToken)
            ?? throw new KeyStoreException(KeyStoreFailure.NotFound, $"There is no key {reference}.");
        var key = seal.Unseal(reference, sealedKey.Span);
        if (key.Use == use)
        {
            return key;
        }

        key.Dispose();
        throw new KeyStoreException(KeyStoreFailure.Refused, $"The key {reference} is not for this use.");
    }
}
