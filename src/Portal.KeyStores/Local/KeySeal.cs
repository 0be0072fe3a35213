using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>
/// AES-256-GCM around a private key: form, algorithm and use in one byte each, nonce, ciphertext, tag. Every key has its
/// own sealing key, and what is sealed for one reference, algorithm or use opens for no other.
/// </summary>
internal static class KeySeal
{
    private const byte Form = 1;
    private const int NonceOffset = 3;
    private const int NonceLength = 12;
    private const int CiphertextOffset = NonceOffset + NonceLength;
    private const int TagLength = 16;

    public static SealedKey Seal(MasterKey master, KeyReference reference, UnsealedKey key)
    {
        var sealedKey = new byte[CiphertextOffset + key.Pkcs8.Length + TagLength];
        (sealedKey[0], sealedKey[1], sealedKey[2]) = (Form, (byte)key.Algorithm, (byte)key.Use);
        var nonce = sealedKey.AsSpan(NonceOffset, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(master, reference);
        cipher.Encrypt(
            nonce,
            key.Pkcs8,
            sealedKey.AsSpan(CiphertextOffset, key.Pkcs8.Length),
            sealedKey.AsSpan(CiphertextOffset + key.Pkcs8.Length),
            Binding(reference, key.Algorithm, key.Use));
        return new SealedKey(master.Fingerprint, sealedKey);
    }

    /// <exception cref="KeyStoreException">Altered, or sealed for another reference or under another master key.</exception>
    public static UnsealedKey Unseal(MasterKey master, KeyReference reference, SealedKey key)
    {
        var sealedKey = key.Bytes.Span;
        if (sealedKey.Length <= CiphertextOffset + TagLength || sealedKey[0] != Form)
        {
            throw Unusable(reference);
        }

        var (algorithm, use) = ((KeyAlgorithm)sealedKey[1], (KeyUse)sealedKey[2]);
        var pkcs8 = new byte[sealedKey.Length - CiphertextOffset - TagLength];
        using var cipher = Cipher(master, reference);
        try
        {
            cipher.Decrypt(
                sealedKey.Slice(NonceOffset, NonceLength),
                sealedKey.Slice(CiphertextOffset, pkcs8.Length),
                sealedKey[^TagLength..],
                pkcs8,
                Binding(reference, algorithm, use));
            return new UnsealedKey(algorithm, use, pkcs8);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Unusable(reference);
        }
    }

    private static AesGcm Cipher(MasterKey master, KeyReference reference)
    {
        var key = master.Derive($"portal local key store, sealing key of {reference}");
        try
        {
            return new AesGcm(key, TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Binding(KeyReference reference, KeyAlgorithm algorithm, KeyUse use) =>
        Encoding.UTF8.GetBytes($"{reference} {algorithm} {use}");

    // An operator mends it: nothing is lost by waiting.
    private static KeyStoreException Unusable(KeyReference reference) =>
        new(KeyStoreFailure.Unavailable, $"The key {reference} was sealed under another master key, or was altered.");
}
