using System.Globalization;
using System.Text;
using MimeKit;
using Portal.Application.Transport;

namespace Portal.Application.Outbox;

/// <param name="Address">The recipient who was not reached.</param>
/// <param name="Answer">For <see cref="ServerWords"/>.</param>
internal sealed record FailedRecipient(string Address, string Answer);

/// <summary>A delivery status notification for our own sender (RFC 3464); made of the subject, addresses and answers; it stays inside the portal. In the language that is spoken.</summary>
internal static class NonDelivery
{
    /// <param name="sender">Whose message it was.</param>
    /// <param name="about">The message's subject.</param>
    /// <param name="failed">Who was not reached.</param>
    /// <param name="at">Now.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<MemoryStream> WriteAsync(
        string sender, string about, IReadOnlyList<FailedRecipient> failed, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var domain = sender[(sender.IndexOf('@', StringComparison.Ordinal) + 1)..];
        using var notice = new MimeMessage();
        notice.From.Add(new MailboxAddress(OutboxTexts.MailDelivery, $"postmaster@{domain}"));
        notice.To.Add(MailboxAddress.Parse(sender));
        notice.Subject = about.Length == 0 ? OutboxTexts.NotDelivered : OutboxTexts.NotDeliveredAbout.With(about);
        notice.Date = at;
        notice.MessageId = $"{Guid.NewGuid():N}@{domain}";
        notice.Headers.Add("Auto-Submitted", "auto-replied");
        notice.Body = new MultipartReport("delivery-status") { Words(about, failed), Status(domain, failed) };
        var raw = new MemoryStream();
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        await notice.WriteToAsync(options, raw, cancellationToken);
        raw.Position = 0;
        return raw;
    }

    private static TextPart Words(string about, IReadOnlyList<FailedRecipient> failed)
    {
        var text = new StringBuilder(about.Length == 0 ? OutboxTexts.CouldNot : OutboxTexts.CouldNotAbout.With(about)).Append("\r\n\r\n");
        foreach (var recipient in failed)
        {
            text.Append(recipient.Address).Append("\r\n    ").Append(Words(recipient, CultureInfo.CurrentUICulture)).Append("\r\n\r\n");
        }

        text.Append(OutboxTexts.StaysInSent).Append("\r\n");
        return new TextPart("plain") { Text = text.ToString(), ContentTransferEncoding = ContentEncoding.QuotedPrintable };
    }

    private static string Words(FailedRecipient recipient, CultureInfo language) => ServerWords.Read(recipient.Answer, language).ReplaceLineEndings(" ");

    private static MessageDeliveryStatus Status(string domain, IReadOnlyList<FailedRecipient> failed)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add([new Header("Reporting-MTA", $"dns; {domain}")]);
        foreach (var recipient in failed)
        {
            status.StatusGroups.Add(
            [
                new Header("Final-Recipient", $"rfc822; {recipient.Address}"),
                new Header("Action", "failed"),
                new Header("Status", "5.0.0"),
                new Header("Diagnostic-Code", $"smtp; {Words(recipient, CultureInfo.InvariantCulture)}"),
            ]);
        }

        return status;
    }
}
