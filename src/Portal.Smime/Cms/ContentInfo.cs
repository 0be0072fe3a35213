using System.Formats.Asn1;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §3.</summary>
internal static class ContentInfo
{
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;
    public const byte OctetString = 0x04;

    /// <summary>Tag [n], constructed.</summary>
    public static byte Tagged(int number) => (byte)(0xa0 | number);

    /// <returns>The content type; the reader stands before the content.</returns>
    public static async ValueTask<string> EnterAsync(BerReader reader, CancellationToken cancellationToken)
    {
        await reader.EnterAsync(Sequence, "ContentInfo", cancellationToken);
        var contentType = await ReadObjectIdentifierAsync(reader, "contentType", cancellationToken);
        await reader.EnterAsync(Tagged(0), "content", cancellationToken);
        return contentType;
    }

    public static async ValueTask LeaveAsync(BerReader reader, CancellationToken cancellationToken)
    {
        await reader.LeaveAsync("content", cancellationToken);
        await reader.LeaveAsync("ContentInfo", cancellationToken);
    }

    public static async ValueTask<string> ReadObjectIdentifierAsync(BerReader reader, string name, CancellationToken cancellationToken)
    {
        var element = await reader.ReadElementAsync(name, cancellationToken);
        return AsnDecoder.ReadObjectIdentifier(element.Span, AsnEncodingRules.BER, out _);
    }
}
