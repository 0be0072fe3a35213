using System.Net;
using MimeKit;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Protection;
using Portal.Smime.Mime;

namespace Portal.Application.Compose;

/// <summary>Makes a message of a draft: header, and content as a MIME entity that needs no re-encoding on its way.</summary>
internal sealed class MessageComposition(Departing departing)
{
    /// <summary>The caller disposes the result's entity.</summary>
    /// <param name="draft">What was written.</param>
    /// <param name="files">The attachments, ready to leave.</param>
    /// <param name="recipients">Whom it goes to, with the names that were typed.</param>
    /// <param name="mailbox">Who sends.</param>
    /// <param name="answered">Message-ID of what it answers.</param>
    /// <param name="date">Now.</param>
    /// <param name="forOldReaders">The subject stands in front of the text as well, for readers that do not look for it inside (RFC 9788 §2.1.2).</param>
    /// <param name="passed">Told of bytes that went from one stage to the next.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<OutgoingMessage> ComposeAsync(
        DraftView draft,
        IReadOnlyList<DepartingFile> files,
        IReadOnlyList<TypedAddress> recipients,
        Mailbox mailbox,
        string? answered,
        DateTimeOffset date,
        bool forOldReaders,
        Action<int>? passed,
        CancellationToken cancellationToken)
    {
        var bcc = string.Join(", ", recipients.Where(one => one.Field == RecipientField.Bcc).Select(one => one.Address!.ToString()));
        var header = Header(draft.Content.Subject, recipients, mailbox, answered, date);
        return new OutgoingMessage(header, mailbox.Address, bcc, await EntityAsync(draft.Content, mailbox.OrganisationId, files, forOldReaders, passed, cancellationToken), date);
    }

    /// <summary>What everybody sees; also what rules are held against, before anything is sent.</summary>
    public static HeaderList Header(string subject, IEnumerable<TypedAddress> recipients, Mailbox mailbox, string? answered, DateTimeOffset date)
    {
        using var message = new MimeMessage();
        message.From.Add(new MailboxAddress(mailbox.DisplayName, mailbox.Address));
        Fill(message.To, recipients, RecipientField.To);
        Fill(message.Cc, recipients, RecipientField.Cc);
        message.Subject = subject.ReplaceLineEndings(" ");
        message.Date = date;
        message.MessageId = $"{Guid.NewGuid():N}@{mailbox.Address[(mailbox.Address.IndexOf('@', StringComparison.Ordinal) + 1)..]}";
        if (answered is not null)
        {
            message.Headers.Add(HeaderId.InReplyTo, answered);
            message.Headers.Add(HeaderId.References, answered);
        }

        message.Headers.Replace(HeaderId.MimeVersion, "1.0");
        return message.Headers;
    }

    private static void Fill(InternetAddressList list, IEnumerable<TypedAddress> recipients, RecipientField field) =>
        list.AddRange(recipients.Where(one => one.Field == field).Select(one => new MailboxAddress(one.Name, one.Address!.ToString())));

    private async Task<Spool> EntityAsync(
        DraftContent draft, OrganisationId organisation, IReadOnlyList<DepartingFile> files, bool forOldReaders, Action<int>? passed, CancellationToken cancellationToken)
    {
        var opened = new List<OutgoingFile>();
        var entity = new Spool(passed: passed);
        try
        {
            var root = Text(draft, forOldReaders && draft.Subject.Length > 0);
            if (files.Count > 0)
            {
                var mixed = new Multipart("mixed") { root };
                foreach (var file in files)
                {
                    opened.Add(await departing.OpenAsync(organisation, file, cancellationToken));
                    mixed.Add(OutgoingParts.Of(opened[^1]));
                }

                root = mixed;
            }

            await root.WriteToAsync(OutgoingParts.Format(), entity, cancellationToken);
            await entity.CompleteAsync(cancellationToken);
            return entity;
        }
        catch
        {
            await entity.DisposeAsync();
            throw;
        }
        finally
        {
            opened.OfType<OutgoingFile.Inside>().ToList().ForEach(one => one.Content.Dispose());
        }
    }

    private static MimeEntity Text(DraftContent content, bool withSubject)
    {
        var (subject, element) = withSubject
            ? ($"Subject: {content.Subject}\n\n", $"<div class=\"{LegacyDisplay.HtmlClass}\"><pre>Subject: {WebUtility.HtmlEncode(content.Subject)}</pre></div>")
            : (string.Empty, string.Empty);
        if (content.Format == BodyFormat.Plain || MailHtml.SanitiseOwn(content.Body) is not { } html)
        {
            return Text("plain", subject + content.Body, withSubject);
        }

        return new MultipartAlternative
        {
            Text("plain", subject + MailHtml.Text(html), withSubject),
            Text("html", $"<!doctype html><html><body>{element}{html}</body></html>", withSubject),
        };
    }

    private static TextPart Text(string subtype, string text, bool withSubject)
    {
        var part = OutgoingParts.Text(subtype, text);
        if (withSubject)
        {
            LegacyDisplay.Mark(part.ContentType);
        }

        return part;
    }
}
