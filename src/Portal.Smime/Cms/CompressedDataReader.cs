using System.Formats.Asn1;
using System.IO.Compression;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>CompressedData (RFC 3274), inflated under a cap: 1.4 MB of it can hold a gigabyte.</summary>
internal static class CompressedDataReader
{
    private const string Zlib = "1.2.840.113549.1.9.16.3.8";

    /// <summary>Two octets of header, an empty block of two, a checksum of four.</summary>
    private const int ShortestStream = 8;

    /// <param name="reader">Inside ContentInfo.</param>
    /// <param name="content">Receives the content.</param>
    /// <param name="allowance">Of the whole message.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UnreadableException">Malformed, of another algorithm, or too large.</exception>
    public static async Task ReadAsync(BerReader reader, Stream content, InflationAllowance allowance, CancellationToken cancellationToken)
    {
        await reader.EnterAsync(ContentInfo.Sequence, "CompressedData", cancellationToken);
        await reader.ReadElementAsync("version", cancellationToken);
        var element = await reader.ReadElementAsync("compressionAlgorithm", cancellationToken);
        var algorithm = AlgorithmIdentifier.Read(new AsnReader(element, AsnEncodingRules.BER)).Algorithm;
        await reader.EnterAsync(ContentInfo.Sequence, "encapContentInfo", cancellationToken);
        var contentType = await ContentInfo.ReadObjectIdentifierAsync(reader, "eContentType", cancellationToken);
        if (algorithm != Zlib || contentType != Oids.Data)
        {
            throw new UnreadableException(Unreadable.UnsupportedAlgorithm, algorithm != Zlib ? algorithm : contentType);
        }

        await reader.EnterAsync(ContentInfo.Tagged(0), "eContent", cancellationToken);
        await using var compressed = new BerContentStream(await reader.OpenOctetsAsync(ContentInfo.OctetString, "eContent", cancellationToken));
        var checksum = await InflateAsync(compressed, content, allowance, cancellationToken);
        await compressed.CopyToAsync(Stream.Null, cancellationToken);

        // The library takes the end of what came for the end of the content: only the checksum at the very end says that it is.
        if (compressed.Passed < ShortestStream || compressed.Last != checksum)
        {
            throw UnreadableException.Malformed("zlib");
        }

        await reader.LeaveAsync("eContent", cancellationToken);
        await reader.LeaveAsync("encapContentInfo", cancellationToken);
        await reader.LeaveAsync("CompressedData", cancellationToken);
    }

    /// <returns>Adler-32 of the content (RFC 1950 §8.2).</returns>
    private static async Task<uint> InflateAsync(BerContentStream compressed, Stream content, InflationAllowance allowance, CancellationToken cancellationToken)
    {
        await using var inflated = new ZLibStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        var buffer = new byte[64 * 1024];
        uint checksum = 1;
        while (await InflateAsync(inflated, compressed, buffer, cancellationToken) is var read and > 0)
        {
            allowance.Take(read);
            checksum = Adler32(checksum, buffer.AsSpan(0, read));
            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return checksum;
    }

    private static async Task<int> InflateAsync(ZLibStream inflated, BerContentStream compressed, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await inflated.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException && !compressed.HasFailed)
        {
            // zlib's own complaints come as IOException of a type that nobody can name.
            throw UnreadableException.Malformed("zlib");
        }
    }

    private static uint Adler32(uint before, ReadOnlySpan<byte> octets)
    {
        const uint modulus = 65521;

        // So many octets, all 255, do not overflow the second sum.
        const int most = 5552;
        var (first, second) = (before & 0xffff, before >> 16);
        while (octets.Length > 0)
        {
            foreach (var octet in octets[..Math.Min(most, octets.Length)])
            {
                first += octet;
                second += first;
            }

            (first, second) = (first % modulus, second % modulus);
            octets = octets[Math.Min(most, octets.Length)..];
        }

        return (second << 16) | first;
    }
}
