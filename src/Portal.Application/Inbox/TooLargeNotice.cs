using MimeKit;

namespace Portal.Application.Inbox;

/// <summary>Stands in the inbox for a message that is too large to be fetched, so that its owner knows of it. In the language that is spoken.</summary>
internal static class TooLargeNotice
{
    private const long Megabyte = 1024 * 1024;

    /// <param name="arrived">When the other server took it in.</param>
    /// <param name="now">The notice's own date.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<MemoryStream> WriteAsync(DateTimeOffset arrived, DateTimeOffset now, long limit, CancellationToken cancellationToken)
    {
        using var notice = new MimeMessage();
        notice.From.Add(new MailboxAddress("Portal", "postmaster@localhost"));
        notice.Subject = FetchTexts.TooLarge;
        notice.Date = now;
        notice.Body = new TextPart("plain")
        {
            Text = (FetchTexts.TooLargeBody.With(arrived, limit / Megabyte) + "\n").ReplaceLineEndings("\r\n"),
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
        };
        var raw = new MemoryStream();
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        await notice.WriteToAsync(options, raw, cancellationToken);
        raw.Position = 0;
        return raw;
    }
}
