using MimeKit;
using Portal.Smime.Mime;

namespace Portal.Application.Protection;

/// <param name="Name">May be empty.</param>
/// <param name="Address">The addr-spec.</param>
internal sealed record NamedAddress(string Name, string Address);

/// <summary>A message of text and files that nobody signs: what somebody outside writes here.</summary>
internal sealed record PlainMessage(
    NamedAddress From,
    IReadOnlyList<NamedAddress> To,
    IReadOnlyList<NamedAddress> Cc,
    string Subject,
    string MessageId,
    string? Answered,
    DateTimeOffset Date,
    string Text)
{
    /// <returns>The raw bytes, to be disposed.</returns>
    public async Task<Spool> WriteAsync(IReadOnlyList<OutgoingFile> files, CancellationToken cancellationToken)
    {
        using var message = new MimeMessage();
        message.From.Add(Mailbox(From));
        message.To.AddRange(To.Select(Mailbox));
        message.Cc.AddRange(Cc.Select(Mailbox));
        message.Subject = Subject;
        message.Date = Date;
        message.MessageId = MessageId;
        if (Answered is not null)
        {
            message.Headers.Add(HeaderId.InReplyTo, Answered);
            message.Headers.Add(HeaderId.References, Answered);
        }

        var text = OutgoingParts.Text("plain", Text);
        message.Body = files.Count == 0 ? text : Mixed(text, files);
        var raw = new Spool();
        try
        {
            await message.WriteToAsync(OutgoingParts.Format(), raw, cancellationToken);
            await raw.CompleteAsync(cancellationToken);
            return raw;
        }
        catch
        {
            await raw.DisposeAsync();
            throw;
        }
    }

    private static Multipart Mixed(TextPart text, IEnumerable<OutgoingFile> files)
    {
        var mixed = new Multipart("mixed") { text };
        foreach (var file in files)
        {
            mixed.Add(OutgoingParts.Of(file));
        }

        return mixed;
    }

    private static MailboxAddress Mailbox(NamedAddress one) => new(one.Name, one.Address);
}
