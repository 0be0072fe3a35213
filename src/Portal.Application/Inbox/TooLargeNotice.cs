using System.Globalization;
using MimeKit;

namespace Portal.Application.Inbox;

/// <summary>Stands in the inbox for a message that is too large to be fetched, so that its owner knows of it.</summary>
internal static class TooLargeNotice
{
    /// <param name="arrived">When the other server took it in.</param>
    /// <param name="now">The notice's own date.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<MemoryStream> WriteAsync(DateTimeOffset arrived, DateTimeOffset now, long limit, CancellationToken cancellationToken)
    {
        var megabytes = limit / (1024 * 1024);
        using var notice = new MimeMessage();
        notice.From.Add(new MailboxAddress("Portal", "postmaster@localhost"));
        notice.Subject = "A message is too large to be fetched";
        notice.Date = now;
        notice.Body = new TextPart("plain")
        {
            Text = string.Create(
                CultureInfo.InvariantCulture,
                $"A message that arrived at your other mail server on {arrived:d MMMM yyyy, HH:mm} (UTC) is larger than {megabytes} MB.\r\n\r\n")
                + "It stays there, unchanged; read it with the software that you used before. Mail that comes after it is fetched as usual.\r\n",
        };
        var raw = new MemoryStream();
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        await notice.WriteToAsync(options, raw, cancellationToken);
        raw.Position = 0;
        return raw;
    }
}
