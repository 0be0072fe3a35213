using System.Buffers.Binary;

namespace Portal.Application.Brands;

/// <summary>What a file says that it is, by its own bytes and not by its name.</summary>
/// <param name="MediaType">image/png or image/jpeg.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record LogoFile(string MediaType, int Width, int Height)
{
    private static ReadOnlySpan<byte> PngHead => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    /// <returns>Null for what is neither PNG nor JPEG.</returns>
    public static LogoFile? Read(ReadOnlySpan<byte> file) => Png(file) ?? Jpeg(file);

    // PNG (third edition) §5.2 and §11.2.1: the signature, then IHDR with width and height.
    private static LogoFile? Png(ReadOnlySpan<byte> file) =>
        file.StartsWith(PngHead) && file.Length >= PngHead.Length + 8
            ? Of("image/png", BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]))
            : null;

    // ITU-T T.81 §B.1.1 and §B.2.2: segments from SOI to the frame header, which has height and width.
    private static LogoFile? Jpeg(ReadOnlySpan<byte> file)
    {
        if (file is not [0xFF, 0xD8, 0xFF, ..])
        {
            return null;
        }

        for (var at = 2; at + 9 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (IsFrame(marker))
            {
                return Of("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            }

            // A segment's length counts its own two bytes; scan data comes after a frame header only.
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || marker is 0xDA or 0xD9)
            {
                return null;
            }

            at += 2 + length;
        }

        return null;
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static LogoFile? Of(string mediaType, uint width, uint height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new LogoFile(mediaType, (int)width, (int)height) : null;
}
