using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.OpenSsl;

namespace Portal.Smime.Mime;

/// <summary>From a recipient's private key to a content-encryption key.</summary>
internal static class KeyUnwrapping
{
    /// <summary>
    /// RFC 3218 §2.3.2: bytes that do not unwrap become a random key, which fails where any wrong key fails. So there is
    /// always a key; only the content tells whether it is the right one.
    /// </summary>
    /// <exception cref="KeyStoreException">The store did not answer, or refused.</exception>
    public static async Task<ContentEncryptionKey> RecoverAsync(
        IPrivateKey key,
        RecipientInfo info,
        ContentCipher cipher,
        CancellationToken cancellationToken)
    {
        var substitute = RandomNumberGenerator.GetBytes(cipher.KeyLength());
        var unwrapped = ReadOnlyMemory<byte>.Empty;
        try
        {
            unwrapped = info switch
            {
                RecipientInfo.KeyTransport transport => await key.UnwrapKeyAsync(transport.EncryptedKey, transport.Scheme, cancellationToken),
                RecipientInfo.KeyAgreement agreement => await AgreeAsync(key, agreement, cancellationToken),
                _ => ReadOnlyMemory<byte>.Empty,
            };
            var bytes = unwrapped.Length == substitute.Length ? unwrapped : substitute;
            return new ContentEncryptionKey(cipher, bytes.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(substitute);
            Zero(unwrapped);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> AgreeAsync(
        IPrivateKey key,
        RecipientInfo.KeyAgreement agreement,
        CancellationToken cancellationToken)
    {
        var secret = await key.DeriveAsync(agreement.Originator, cancellationToken);
        try
        {
            foreach (var wrap in agreement.Wrap.Alternatives())
            {
                var keyEncryptionKey = agreement.Scheme.Derive(
                    secret.Span, wrap.SharedInformation(agreement.UserKeyingMaterial), wrap.KeyLength);
                var unwrapped = EvpKeyWrap.Unwrap(keyEncryptionKey, agreement.EncryptedKey.Span);
                CryptographicOperations.ZeroMemory(keyEncryptionKey);
                if (unwrapped is not null)
                {
                    return unwrapped;
                }
            }
        }
        finally
        {
            Zero(secret);
        }

        return ReadOnlyMemory<byte>.Empty;
    }

    private static void Zero(ReadOnlyMemory<byte> memory) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(memory).Span);
}
