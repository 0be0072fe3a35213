using System.Security.Cryptography;

namespace Portal.Smime.Cms;

/// <summary>The key that opens one encrypted layer without any private key. Zeroed when disposed; seal it before storing.</summary>
public sealed class ContentEncryptionKey : IDisposable
{
    private readonly byte[] _bytes;

    /// <param name="cipher">What the key is for.</param>
    /// <param name="bytes">16, 24 or 32 bytes as the cipher demands; copied.</param>
    /// <exception cref="ArgumentException">The length is not the cipher's.</exception>
    public ContentEncryptionKey(ContentCipher cipher, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != cipher.KeyLength())
        {
            throw new ArgumentException("The key's length is not the cipher's.", nameof(bytes));
        }

        Cipher = cipher;
        _bytes = bytes.ToArray();
    }

    public ContentCipher Cipher { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    internal static ContentEncryptionKey Random(ContentCipher cipher)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes = bytes[..cipher.KeyLength()];
        RandomNumberGenerator.Fill(bytes);
        var key = new ContentEncryptionKey(cipher, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }
}
