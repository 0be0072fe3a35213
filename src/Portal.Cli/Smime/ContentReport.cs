using System.Text;
using MimeKit;
using MimeKit.IO;
using Portal.Application.Inbox;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <param name="Name">Null when there is none.</param>
/// <param name="Type">Media type as written.</param>
/// <param name="Bytes">Decoded.</param>
internal sealed record AttachmentReport(string? Name, string Type, long Bytes);

/// <summary>The text and the attachments of a payload, as the portal's own page shows them.</summary>
internal static class ContentReport
{
    private const int MostBareText = 64 * 1024;

    /// <param name="payload">Within the engine's limits.</param>
    /// <param name="header">Of the same message.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<(string? Text, IReadOnlyList<AttachmentReport> Attachments)> ReadAsync(
        Stream payload,
        MessageHeader header,
        CancellationToken cancellationToken)
    {
        MessageContents contents;
        try
        {
            contents = await MessageContents.ReadAsync(payload, header, cancellationToken);
        }
        catch (FormatException)
        {
            return (await BareTextAsync(payload, cancellationToken), []);
        }

        var attachments = new List<AttachmentReport>();
        foreach (var part in contents.Attachments)
        {
            attachments.Add(new AttachmentReport(part.ContentDisposition?.FileName ?? part.ContentType.Name, part.ContentType.MimeType, await LengthAsync(part, cancellationToken)));
        }

        return ((contents.Plain ?? contents.Html) is { } text ? await contents.TextAsync(text, cancellationToken) : null, attachments);
    }

    /// <summary>CMS may hold anything; of what is no MIME entity, text is shown.</summary>
    private static async Task<string?> BareTextAsync(Stream payload, CancellationToken cancellationToken)
    {
        payload.Position = 0;
        var beginning = new byte[MostBareText];
        var length = await payload.ReadAtLeastAsync(beginning, MostBareText, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(beginning, 0, length);
        return text.Any(character => char.IsControl(character) && character is not ('\r' or '\n' or '\t')) ? null : text;
    }

    private static async Task<long> LengthAsync(MimeEntity entity, CancellationToken cancellationToken)
    {
        await using var counted = new MeasuringStream();
        if (entity is MimePart { Content: { } content })
        {
            await content.DecodeToAsync(counted, cancellationToken);
        }
        else
        {
            await entity.WriteToAsync(counted, contentOnly: true, cancellationToken);
        }

        return counted.Length;
    }
}
