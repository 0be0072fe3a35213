using System.Security.Cryptography;
using Portal.Application.KeyBroker;

namespace Portal.Application.AtRest;

/// <summary>AES-256-GCM over small values: nonce, ciphertext, tag. What a value is for is authenticated with it.</summary>
/// <param name="bytes">32 bytes; owned and zeroed by this.</param>
internal sealed class SealingKey(byte[] bytes) : IDisposable
{
    public const int Length = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static SealingKey New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <param name="plaintext">What to seal.</param>
    /// <param name="context">Where it will stand, so that it opens nowhere else.</param>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        var value = new byte[NonceLength + plaintext.Length + TagLength];
        var nonce = value.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(bytes, TagLength);
        cipher.Encrypt(nonce, plaintext, value.AsSpan(NonceLength, plaintext.Length), value.AsSpan(NonceLength + plaintext.Length), context);
        return value;
    }

    /// <exception cref="CryptographicException">Not what was sealed, or sealed elsewhere.</exception>
    public byte[] Open(ReadOnlySpan<byte> value, ReadOnlySpan<byte> context)
    {
        if (value.Length < NonceLength + TagLength)
        {
            throw new CryptographicException("The sealed value is too short.");
        }

        var plaintext = new byte[value.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(bytes, TagLength);
        cipher.Decrypt(value[..NonceLength], value.Slice(NonceLength, plaintext.Length), value[^TagLength..], plaintext, context);
        return plaintext;
    }

    /// <summary>A further key seals this one.</summary>
    public byte[] SealUnder(SealingKey outer, ReadOnlySpan<byte> context) => outer.Seal(bytes, context);

    /// <summary>RSA-OAEP with SHA-256, for a private key in a key store.</summary>
    public byte[] WrapUnder(ManagedKey outer)
    {
        using var wrapping = RSA.Create();
        wrapping.ImportSubjectPublicKeyInfo(outer.SubjectPublicKeyInfo, out _);
        return wrapping.Encrypt(bytes, RSAEncryptionPadding.OaepSHA256);
    }

    /// <exception cref="CryptographicException">Not a key sealed there.</exception>
    public static SealingKey OpenUnder(SealingKey outer, ReadOnlySpan<byte> value, ReadOnlySpan<byte> context) =>
        new(outer.Open(value, context));

    /// <summary>Equal input, equal token; without the key it says nothing (HMAC-SHA-256 under a key derived for tokens).</summary>
    public byte[] Token(ReadOnlySpan<byte> input)
    {
        Span<byte> key = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, key, [], "portal token"u8);
        var token = HMACSHA256.HashData(key, input);
        CryptographicOperations.ZeroMemory(key);
        return token;
    }

    /// <summary>A further key that this one always gives for that purpose (RFC 5869).</summary>
    public SealingKey Derive(ReadOnlySpan<byte> purpose)
    {
        var derived = new byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, derived, [], purpose);
        return new SealingKey(derived);
    }

    public SealingKey Copy() => new([.. bytes]);

    /// <summary>For the cipher that needs the bytes themselves: the chunks of a blob.</summary>
    public AesGcm ChunkCipher() => new(bytes, TagLength);

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
