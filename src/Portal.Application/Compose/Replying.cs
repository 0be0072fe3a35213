using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Portal.Application.AtRest;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Application.Compose;

/// <param name="Part">Stays readable as long as the prepared reply.</param>
/// <param name="FileName">Safe to save under.</param>
internal sealed record ForwardedAttachment(MimeEntity Part, string FileName);

internal sealed record PreparedReply(
    MailboxId Mailbox, DraftContent Content, IReadOnlyList<ForwardedAttachment> Attachments, ReopenedMessage Original) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Original.DisposeAsync();
}

/// <summary>An answer's first words: whom it goes to, and what it quotes. Only what the reader saw is quoted.</summary>
internal sealed class Replying(PortalDatabase database, DataKeys keys, Reopening reopening)
{
    private const int LongestQuote = 100_000;

    /// <returns>Null when there is no such message, or it cannot be opened.</returns>
    public async Task<PreparedReply?> PrepareAsync(Actor.Person actor, StoredMessageId id, ReplyKind kind, CancellationToken cancellationToken)
    {
        StoredMessage message;
        Mailbox mailbox;
        FoundBlob raw;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            if (await db.FindOpenedAsync(actor, id, cancellationToken) is not { } found)
            {
                return null;
            }

            (message, raw) = found;
            mailbox = await db.Mailboxes.OwnedBy(actor).SingleAsync(one => one.Id == message.MailboxId, cancellationToken);
        }

        using var key = await keys.OfMailboxAsync(actor.Organisation, mailbox.Id, cancellationToken);
        var report = MessageReport.Open(key, message);
        var original = await reopening.OpenAsync(message, raw, cancellationToken);
        var words = await WordsAsync(original.Contents, report.PlainTextOnly, cancellationToken);
        var isForward = kind == ReplyKind.Forward;
        var content = isForward ? Forward(report, words + await NotesAsync(report, original.Contents, cancellationToken)) : Answer(report, words, mailbox, kind);
        var attachments = isForward
            ? report.Attachments.Where(one => one.Beside is null).Select(one => new ForwardedAttachment(original.Contents.Attachments[one.Index], one.FileName)).ToList()
            : [];
        return new PreparedReply(mailbox.Id, content, attachments, original);
    }

    // The HTML, where that was shown: its plain alternative may say something else.
    private static async Task<string> WordsAsync(MessageContents contents, bool plainTextOnly, CancellationToken cancellationToken)
    {
        var words = contents.Html is { } html && !plainTextOnly
            ? MailHtml.Text(await contents.TextAsync(html, cancellationToken))
            : await BodyRendering.WordsAsync(contents, cancellationToken) ?? string.Empty;
        return words.Length <= LongestQuote ? words : words[..LongestQuote];
    }

    // What travels beside the message is not copied: whoever gets the words can fetch it as long as the others can.
    private static async Task<string> NotesAsync(MessageReport report, MessageContents contents, CancellationToken cancellationToken)
    {
        var notes = string.Empty;
        foreach (var file in report.Attachments.Where(one => one.Beside is not null))
        {
            notes += "\n\n" + await PartReading.TextAsync((TextPart)contents.Attachments[file.Index], cancellationToken);
        }

        return notes;
    }

    private static DraftContent Answer(MessageReport report, string words, Mailbox mailbox, ReplyKind kind)
    {
        // An answer to what one sent oneself goes to whom it was sent.
        var isOwn = IsMailbox(report.From?.Address, mailbox);
        var to = isOwn ? report.To.Select(Written) : [report.ReplyTo ?? (report.From is null ? string.Empty : Written(report.From))];
        var others = kind == ReplyKind.ReplyAll
            ? (isOwn ? report.Cc : report.To.Concat(report.Cc)).Where(one => !IsMailbox(one.Address, mailbox) && one.Address != report.From?.Address)
            : [];
        var quoted = string.Join('\n', words.ReplaceLineEndings("\n").Split('\n').Select(line => line.StartsWith('>') ? $">{line}" : $"> {line}"));
        return DraftContent.Empty with
        {
            To = string.Join(", ", to),
            Cc = string.Join(", ", others.Select(Written)),
            Subject = Prefixed("Re: ", report.Subject),
            Body = $"\n\n{QuoteTexts.Wrote.With(At(report), Sender(report))}\n{quoted}\n",
        };
    }

    private static DraftContent Forward(MessageReport report, string words) => DraftContent.Empty with
    {
        Subject = Prefixed("Fwd: ", report.Subject),
        Body = "\n\n" + QuoteTexts.Forwarded.With(Sender(report), At(report), report.Subject, string.Join(", ", report.To.Select(Written))).ReplaceLineEndings("\n")
            + $"\n\n{words}\n",
    };

    private static string Prefixed(string prefix, string subject) =>
        subject.StartsWith(prefix.Trim(), StringComparison.OrdinalIgnoreCase) ? subject : prefix + subject;

    private static string At(MessageReport report) =>
        (report.Date ?? DateTimeOffset.UnixEpoch).ToString(QuoteTexts.At, CultureInfo.CurrentCulture);

    private static string Sender(MessageReport report) => report.From is null ? QuoteTexts.UnknownSender : Written(report.From);

    private static string Written(AddressView address) =>
        address.Name.Length == 0 ? address.Address : new MailboxAddress(address.Name, address.Address).ToString();

    private static bool IsMailbox(string? address, Mailbox mailbox) =>
        string.Equals(address, mailbox.Address, StringComparison.OrdinalIgnoreCase);
}
