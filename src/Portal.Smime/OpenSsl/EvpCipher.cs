using System.Security.Cryptography;
using Portal.Smime.Cms;

namespace Portal.Smime.OpenSsl;

/// <summary>AES in GCM or CBC, triple DES in CBC (PKCS#7 padding), piece by piece, through libcrypto. Nothing that decryption yields may be trusted before <see cref="TryFinish"/>.</summary>
internal sealed unsafe class EvpCipher : IContentDecryption
{
    public const int TagLength = 16;
    public const int BlockLength = 16;

    private readonly EvpCipherContext _context = new();

    private EvpCipher(ContentCipher cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, bool encrypt)
    {
        if (key.Length != cipher.KeyLength() || nonce.Length != cipher.NonceLength())
        {
            throw new ArgumentException("Key or nonce do not fit the cipher.");
        }

        fixed (byte* keyBytes = key, nonceBytes = nonce)
        {
            Demand(LibCrypto.CipherInit(_context, Algorithm(cipher), 0, keyBytes, nonceBytes, encrypt ? 1 : 0));
        }
    }

    public static EvpCipher ForEncryption(ContentCipher cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce) =>
        new(cipher, key, nonce, encrypt: true);

    public static EvpCipher ForDecryption(ContentCipher cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce) =>
        new(cipher, key, nonce, encrypt: false);

    /// <summary>Additional authenticated data; GCM only, before any content.</summary>
    public void Authenticate(ReadOnlySpan<byte> data)
    {
        int written;
        fixed (byte* bytes = data)
        {
            Demand(LibCrypto.CipherUpdate(_context, null, &written, bytes, data.Length));
        }
    }

    /// <param name="input">Any number of bytes.</param>
    /// <param name="output">At least one block longer than the input.</param>
    /// <returns>Bytes written.</returns>
    public int Update(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (output.Length < input.Length + BlockLength)
        {
            throw new ArgumentException("The output is too short.", nameof(output));
        }

        int written;
        fixed (byte* source = input, target = output)
        {
            Demand(LibCrypto.CipherUpdate(_context, target, &written, source, input.Length));
        }

        return written;
    }

    /// <summary>The tag that decryption has to arrive at; all 16 bytes (threat: truncated tags).</summary>
    public void ExpectTag(ReadOnlySpan<byte> tag)
    {
        if (tag.Length != TagLength)
        {
            throw new ArgumentException("A tag has 16 bytes.", nameof(tag));
        }

        fixed (byte* bytes = tag)
        {
            Demand(LibCrypto.CipherControl(_context, LibCrypto.SetTag, TagLength, bytes));
        }
    }

    /// <param name="output">At least one block.</param>
    /// <param name="written">Bytes of the last block.</param>
    /// <returns>False when tag or padding are wrong.</returns>
    public bool TryFinish(Span<byte> output, out int written)
    {
        int count = 0;
        int result;
        fixed (byte* target = output)
        {
            result = LibCrypto.CipherFinal(_context, target, &count);
        }

        if (result != 1)
        {
            LibCrypto.ClearErrors();
            count = 0;
        }

        written = count;
        return result == 1;
    }

    public byte[] Tag()
    {
        var tag = new byte[TagLength];
        fixed (byte* bytes = tag)
        {
            Demand(LibCrypto.CipherControl(_context, LibCrypto.GetTag, TagLength, bytes));
        }

        return tag;
    }

    public void Dispose() => _context.Dispose();

    private static void Demand(int result)
    {
        if (result != 1)
        {
            LibCrypto.ClearErrors();
            throw new CryptographicException("libcrypto refused an operation.");
        }
    }

    private static nint Algorithm(ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Gcm => LibCrypto.Aes128Gcm(),
        ContentCipher.Aes192Gcm => LibCrypto.Aes192Gcm(),
        ContentCipher.Aes256Gcm => LibCrypto.Aes256Gcm(),
        ContentCipher.Aes128Cbc => LibCrypto.Aes128Cbc(),
        ContentCipher.Aes192Cbc => LibCrypto.Aes192Cbc(),
        ContentCipher.Aes256Cbc => LibCrypto.Aes256Cbc(),
        ContentCipher.TripleDesCbc => LibCrypto.TripleDesCbc(),
        ContentCipher.Rc2Cbc128 or ContentCipher.Rc2Cbc64 or ContentCipher.Rc2Cbc40 =>
            throw new ArgumentException("libcrypto has no RC2.", nameof(cipher)),
    };
}
