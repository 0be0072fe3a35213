using System.Text;
using MimeKit;
using MimeKit.IO;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

/// <param name="Name">Null when there is none.</param>
/// <param name="Type">Media type as written.</param>
/// <param name="Bytes">Decoded.</param>
internal sealed record AttachmentReport(string? Name, string Type, long Bytes);

/// <summary>The text and the attachments of a payload.</summary>
internal static class ContentReport
{
    private const int MostBareText = 64 * 1024;

    /// <param name="payload">Within the engine's limits.</param>
    /// <param name="hasProtection">A part may begin with what is there for readers without header protection.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<(string? Text, IReadOnlyList<AttachmentReport> Attachments)> ReadAsync(
        Stream payload,
        bool hasProtection,
        CancellationToken cancellationToken)
    {
        payload.Position = 0;
        MimeEntity entity;
        try
        {
            entity = await new MimeParser(payload, MimeFormat.Entity, persistent: true).ParseEntityAsync(cancellationToken);
        }
        catch (FormatException)
        {
            return (await BareTextAsync(payload, cancellationToken), []);
        }

        var leaves = Leaves(entity).ToList();
        var text = leaves.OfType<TextPart>().FirstOrDefault(part => part is { IsPlain: true, IsAttachment: false })
            ?? leaves.OfType<TextPart>().FirstOrDefault(part => !part.IsAttachment);
        var attachments = new List<AttachmentReport>();
        foreach (var part in leaves.Where(part => part != text && (part is not TextPart || part.IsAttachment)))
        {
            attachments.Add(new AttachmentReport(part.ContentDisposition?.FileName ?? part.ContentType.Name, part.ContentType.MimeType, await LengthAsync(part, cancellationToken)));
        }

        return (text is null ? null : hasProtection && text.IsPlain && LegacyDisplay.IsIn(text.ContentType) ? LegacyDisplay.StripText(text.Text) : text.Text, attachments);
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

    private static IEnumerable<MimeEntity> Leaves(MimeEntity entity) => entity is Multipart multipart ? multipart.SelectMany(Leaves) : [entity];

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
