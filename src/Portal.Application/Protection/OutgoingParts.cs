using MimeKit;

namespace Portal.Application.Protection;

/// <summary>Parts that need no re-encoding on their way.</summary>
internal static class OutgoingParts
{
    public static FormatOptions Format()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.ParameterEncodingMethod = ParameterEncodingMethod.Rfc2231;
        return options;
    }

    public static TextPart Text(string subtype, string text) =>
        new(subtype) { Text = text.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.QuotedPrintable };

    public static MimePart Of(OutgoingFile file) => file switch
    {
        OutgoingFile.Inside inside => Attachment(inside),
        OutgoingFile.Beside beside => LargeFilePart.Write(beside.File, beside.Note),
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };

    private static MimePart Attachment(OutgoingFile.Inside file)
    {
        if (!ContentType.TryParse(file.MediaType, out var type) || type.IsMimeType("multipart", "*") || type.IsMimeType("message", "*"))
        {
            type = new ContentType("application", "octet-stream");
        }

        return new MimePart(type)
        {
            Content = new MimeContent(file.Content),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = file.FileName },
            ContentTransferEncoding = ContentEncoding.Base64,
        };
    }
}
