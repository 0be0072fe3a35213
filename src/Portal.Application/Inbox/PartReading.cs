using System.Text;
using MimeKit;
using Portal.Application.Protection;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <summary>The decoded content of parts, with an end to it.</summary>
internal static class PartReading
{
    public const int LongestText = 1024 * 1024;

    /// <returns>Cut after <see cref="LongestText"/> bytes.</returns>
    public static async Task<string> TextAsync(TextPart part, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(part, LongestText, cancellationToken);
        return (part.ContentType.CharsetEncoding ?? Encoding.UTF8).GetString(bytes.Span);
    }

    /// <returns>The beginning, when there is more.</returns>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(MimePart part, int most, CancellationToken cancellationToken)
    {
        await using var decoded = await DecodedAsync(part, cancellationToken);
        var bytes = new byte[(int)Math.Min(most, decoded.Length)];
        await decoded.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>The caller disposes it; beyond a megabyte it rests sealed on disk.</summary>
    public static async Task<Spool> DecodedAsync(MimeEntity entity, CancellationToken cancellationToken)
    {
        var decoded = new Spool();
        switch (entity)
        {
            case MimePart { Content: { } content }:
                await content.DecodeToAsync(decoded, cancellationToken);
                break;
            case MessagePart { Message: { } message }:
                await message.WriteToAsync(decoded, cancellationToken);
                break;
            case MimePart:
                break;
            default:
                await entity.WriteToAsync(decoded, contentOnly: true, cancellationToken);
                break;
        }

        await decoded.CompleteAsync(cancellationToken);
        return decoded;
    }

    public static async Task<AttachmentView> DescribeAsync(MimeEntity entity, int index, CancellationToken cancellationToken)
    {
        if (LargeFilePart.Read(entity) is { } file)
        {
            return new AttachmentView(index, SafeFileName.Of(file.FileName, index), file.MediaType, file.Length, LargeFiles.LargeFiles.NameOf(file));
        }

        await using var decoded = await DecodedAsync(entity, cancellationToken);
        var name = entity.ContentDisposition?.FileName ?? entity.ContentType.Name;
        if (name is null && entity is MessagePart { Message: { } message })
        {
            name = $"{message.Subject}.eml";
        }

        return new AttachmentView(index, SafeFileName.Of(name, index), entity.ContentType.MimeType, decoded.Length);
    }
}
