using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

/// <summary>SHA-256, as something that a dictionary compares quickly.</summary>
internal readonly record struct ContentHash(UInt128 Left, UInt128 Right)
{
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new ContentHash(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
