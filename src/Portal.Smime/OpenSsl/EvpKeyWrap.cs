using System.Security.Cryptography;

namespace Portal.Smime.OpenSsl;

/// <summary>AES key wrap (RFC 3394) under a key of 16, 24 or 32 bytes.</summary>
internal static unsafe class EvpKeyWrap
{
    private const int Overhead = 8;
    private const int Block = 8;

    /// <param name="keyEncryptionKey">16, 24 or 32 bytes.</param>
    /// <param name="key">A multiple of 8 bytes, at least 16.</param>
    public static byte[] Wrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[key.Length + Overhead];
        return Compute(keyEncryptionKey, key, wrapped, encrypt: true)
            ? wrapped
            : throw new CryptographicException("libcrypto refused to wrap a key.");
    }

    /// <returns>Null when the bytes do not unwrap.</returns>
    public static byte[]? Unwrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < 3 * Block || wrapped.Length % Block != 0)
        {
            return null;
        }

        var key = new byte[wrapped.Length - Overhead];
        return Compute(keyEncryptionKey, wrapped, key, encrypt: false) ? key : null;
    }

    private static bool Compute(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> input, byte[] output, bool encrypt)
    {
        // libcrypto says how much room the output needs before it checks anything: one block more than the input.
        Span<byte> room = new byte[input.Length + (2 * Block)];
        using var context = new EvpCipherContext();
        LibCrypto.CipherSetFlags(context, LibCrypto.WrapAllow);
        int written;
        bool isDone;
        fixed (byte* key = keyEncryptionKey, source = input, target = room)
        {
            isDone = LibCrypto.CipherInit(context, Algorithm(keyEncryptionKey.Length), 0, key, null, encrypt ? 1 : 0) == 1
                && LibCrypto.CipherUpdate(context, target, &written, source, input.Length) == 1
                && written == output.Length;
        }

        if (isDone)
        {
            room[..output.Length].CopyTo(output);
        }

        CryptographicOperations.ZeroMemory(room);
        LibCrypto.ClearErrors();
        return isDone;
    }

    private static nint Algorithm(int keyLength) => keyLength switch
    {
        16 => LibCrypto.Aes128Wrap(),
        24 => LibCrypto.Aes192Wrap(),
        32 => LibCrypto.Aes256Wrap(),
        _ => throw new ArgumentOutOfRangeException(nameof(keyLength)),
    };
}
