using System.Security.Cryptography;

namespace Portal.KeyStores.Pkcs11;

/// <summary>
/// Takes the padding from what raw RSA gives, for tokens that cannot. Without branches or indices that depend on
/// what was decrypted, so that time does not tell in which way padding is wrong (threat: Bleichenbacher, Manger).
/// </summary>
internal static class RsaUnpadding
{
    private const int ShortestPadding = 8;

    /// <summary>EME-PKCS1-v1_5 (RFC 8017 §7.2.2).</summary>
    /// <param name="block">As long as the modulus.</param>
    /// <returns>The message in memory of its own; empty when this is none.</returns>
    public static byte[] Pkcs1(ReadOnlySpan<byte> block)
    {
        if (block.Length < ShortestPadding + 3)
        {
            return [];
        }

        var good = IsZero(block[0]) & IsEqual(block[1], 2);
        var (found, separator) = (0, 0);
        for (var index = 2; index < block.Length; index++)
        {
            var isFirst = IsZero(block[index]) & ~found;
            separator = Select(isFirst, index, separator);
            found |= isFirst;
        }

        good &= found & IsAtLeast(separator, ShortestPadding + 2);
        return good != 0 ? block[(separator + 1)..].ToArray() : [];
    }

    /// <summary>EME-OAEP without label, MGF1 by the same digest (RFC 8017 §7.1.2).</summary>
    /// <param name="block">As long as the modulus.</param>
    /// <param name="hash">Of OAEP and MGF1.</param>
    /// <returns>The message in memory of its own; empty when this is none.</returns>
    public static byte[] Oaep(ReadOnlySpan<byte> block, HashAlgorithmName hash)
    {
        var labelHash = CryptographicOperations.HashData(hash, []);
        var length = labelHash.Length;
        if (block.Length < (2 * length) + 2)
        {
            return [];
        }

        var seed = block.Slice(1, length).ToArray();
        var data = block[(1 + length)..].ToArray();
        Mask(seed, data, hash);
        Mask(data, seed, hash);
        var good = IsZero(block[0]);
        for (var index = 0; index < length; index++)
        {
            good &= IsEqual(data[index], labelHash[index]);
        }

        var (found, separator) = (0, 0);
        for (var index = length; index < data.Length; index++)
        {
            var isFirst = ~IsZero(data[index]) & ~found;
            separator = Select(isFirst, index, separator);
            good &= ~isFirst | IsEqual(data[index], 1);
            found |= isFirst;
        }

        var message = (good & found) != 0 ? data[(separator + 1)..] : [];
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(data);
        return message;
    }

    /// <summary>target ⊕= MGF1(seed) (RFC 8017 §B.2.1).</summary>
    private static void Mask(byte[] target, byte[] seed, HashAlgorithmName hash)
    {
        var input = new byte[seed.Length + 4];
        seed.CopyTo(input, 0);
        for (int counter = 0, at = 0; at < target.Length; counter++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(seed.Length), counter);
            var mask = CryptographicOperations.HashData(hash, input);
            for (var index = 0; index < mask.Length && at < target.Length; index++, at++)
            {
                target[at] ^= mask[index];
            }
        }

        CryptographicOperations.ZeroMemory(input);
    }

    // All bits set for yes, none for no.
    private static int IsZero(int value) => (value - 1) >> 31;

    private static int IsEqual(int one, int other) => IsZero(one ^ other);

    private static int IsAtLeast(int value, int bound) => ~((value - bound) >> 31);

    private static int Select(int condition, int then, int otherwise) => (condition & then) | (~condition & otherwise);
}
