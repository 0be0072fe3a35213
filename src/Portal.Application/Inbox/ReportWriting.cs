using System.Text;
using MimeKit;
using Portal.Application.Mailboxes;
using Portal.Application.Policies;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <param name="Report">For the reading pane.</param>
/// <param name="Listing">For the list.</param>
/// <param name="Sender">For allow and block lists.</param>
internal sealed record ReportedMessage(MessageReport Report, MessageListing Listing, SenderFacts Sender);

/// <summary>Reads an opened message once, for everything that is shown of it later.</summary>
internal static class ReportWriting
{
    /// <summary>Characters, on a phone.</summary>
    private const int OfALine = 40;

    /// <param name="opened">Opened and judged.</param>
    /// <param name="isSent">Written here: the list shows whom it went to, and Bcc is its owner's to see.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<ReportedMessage> WriteAsync(OpenedMessage opened, bool isSent, CancellationToken cancellationToken)
    {
        var header = await HeaderAsync(opened, isSent, cancellationToken);
        var verdict = Judgement.Of(opened);
        var plainTextOnly = IsMalleable(opened);
        var (preview, hasBody, remote, lines, attachments) = await ContentAsync(opened, plainTextOnly, cancellationToken);
        var report = new MessageReport(
            verdict,
            PlainText.Line(header[HeaderId.Subject]),
            From(opened, header),
            DisplayText.Of(Addresses(header, HeaderId.To)),
            DisplayText.Of(Addresses(header, HeaderId.Cc)),
            isSent ? DisplayText.Of(Addresses(header, HeaderId.Bcc)) : [],
            ReplyTo(header),
            header[HeaderId.MessageId]?.Trim(),
            Date(header),
            hasBody,
            plainTextOnly,
            remote,
            attachments,
            Lines: lines);
        return new ReportedMessage(report, Listing(report, preview, isSent), SenderReading.Of(opened, header));
    }

    /// <summary>Of a message that carries its header inside, nothing that stands only outside: it may have been added on the way, to lead answers astray.</summary>
    private static async Task<HeaderList> HeaderAsync(OpenedMessage opened, bool isSent, CancellationToken cancellationToken)
    {
        var shown = opened.Header.Form == HeaderProtectionForm.None
            ? opened.Header.Fields
            : opened.Header.Fields.Where(one => one.IsInside || one.Field.Is("From") || (isSent && one.Field.Is("Bcc")));
        var text = string.Concat(shown.Select(one => $"{one.Field.Name}:{one.Field.Value}\r\n")) + "\r\n";
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text));
        return await new MimeParser(bytes, MimeFormat.Entity).ParseHeadersAsync(cancellationToken);
    }

    // EFAIL: ciphertext in CBC can be rearranged; without a valid signature inside, HTML of it is not rendered.
    private static bool IsMalleable(OpenedMessage opened) =>
        opened.Summary is { Encrypted: true, Verdict: not Verdict.SignedValid }
        && opened.Layers.Any(layer => layer.Kind == LayerKind.Enveloped);

    private static async Task<(string Preview, bool HasBody, bool Remote, int? Lines, IReadOnlyList<AttachmentView> Attachments)> ContentAsync(
        OpenedMessage opened, bool plainTextOnly, CancellationToken cancellationToken)
    {
        if (opened.Payload is not { } payload)
        {
            return (string.Empty, false, false, null, []);
        }

        var contents = await MessageContents.ReadAsync(payload, opened.Header, cancellationToken);
        var rendered = await BodyRendering.RenderAsync(contents, plainTextOnly, cancellationToken);
        var words = await BodyRendering.WordsAsync(contents, cancellationToken) ?? string.Empty;
        var shown = rendered?.Html ?? string.Empty;
        var attachments = new List<AttachmentView>();
        foreach (var (index, part) in contents.Attachments.Index())
        {
            if (!contents.InlineImages.Contains(part) || !shown.Contains("data:image/", StringComparison.Ordinal))
            {
                attachments.Add(await PartReading.DescribeAsync(part, index, cancellationToken));
            }
        }

        return (DisplayText.Preview(words), rendered is not null, rendered?.RemoteContent ?? false, Lines(words, shown), attachments);
    }

    /// <returns>As a phone shows them, about; null where pictures or tables are between them.</returns>
    private static int? Lines(string words, string html)
    {
        if (words.Length == 0 || html.Contains("<img", StringComparison.Ordinal) || html.Contains("<table", StringComparison.Ordinal))
        {
            return null;
        }

        var count = 0;
        foreach (var line in words.AsSpan().TrimEnd().EnumerateLines())
        {
            count += 1 + (line.Length / OfALine);
        }

        return count;
    }

    /// <summary>The name from the header, the address from the judgement: two parsers must not see two senders.</summary>
    private static AddressView? From(OpenedMessage opened, HeaderList header)
    {
        if (opened.Summary.From is not { } from)
        {
            return null;
        }

        var mailbox = Addresses(header, HeaderId.From)?.Mailboxes.FirstOrDefault();
        return DisplayText.Of(new MailboxAddress(mailbox?.Name ?? string.Empty, from.ToString()));
    }

    private static string? ReplyTo(HeaderList header) =>
        Addresses(header, HeaderId.ReplyTo)?.Mailboxes.FirstOrDefault() is { } replyTo ? PlainText.Line(replyTo.Address) : null;

    private static InternetAddressList? Addresses(HeaderList header, HeaderId id)
    {
        var index = header.IndexOf(id);
        return index >= 0 && InternetAddressList.TryParse(header[index].RawValue, out var addresses) ? addresses : null;
    }

    private static DateTimeOffset? Date(HeaderList header) =>
        MimeKit.Utils.DateUtils.TryParse(header[HeaderId.Date] ?? string.Empty, out var date) ? date.ToUniversalTime() : null;

    private static MessageListing Listing(MessageReport report, string preview, bool isSent)
    {
        var correspondents = isSent ? [.. report.To, .. report.Cc, .. report.Bcc] : report.From is null ? Array.Empty<AddressView>() : [report.From];
        return new MessageListing(
            string.Join(", ", correspondents.Take(5).Select(one => one.Name.Length > 0 ? one.Name : one.Address)),
            correspondents.FirstOrDefault()?.Address ?? string.Empty,
            report.Subject,
            preview);
    }
}
