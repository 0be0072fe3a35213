using System.Text;
using MimeKit;
using MimeKit.Utils;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>A message as somebody wrote it, taken apart: what is to be protected, and what goes around it.</summary>
/// <param name="Header">Without structural fields, trace fields and Bcc; Date and Message-ID are there.</param>
/// <param name="Trace">What servers on its way have added, if it has been on one.</param>
/// <param name="Entity">Content-* and body.</param>
/// <param name="Date">Of the Date field.</param>
/// <param name="From">Null unless there is exactly one address.</param>
/// <param name="IsLayer">It is signed or encrypted already: its header counts where that layer has it.</param>
/// <param name="IsCiphertext">It is encrypted already.</param>
internal sealed record WrittenMessage(
    IReadOnlyList<HeaderField> Header, IReadOnlyList<HeaderField> Trace, Stream Entity, DateTimeOffset Date, AddrSpec? From, bool IsLayer, bool IsCiphertext)
{
    private static readonly string[] NotSent = ["Bcc", "Resent-Bcc", "HP-Outer"];

    // RFC 9788 §2.1, and what it was before: a claim about a header that was protected, and no longer is.
    private static readonly string[] HeaderProtection = ["hp", "protected-headers"];

    // RFC 5322 §3.6.7, RFC 8601, RFC 6376, RFC 7208 §9.1, RFC 8617 §4.1: nobody who wrote a message wrote these.
    private static readonly string[] Traces =
    [
        "Received", "Return-Path", "Delivered-To", "Authentication-Results", "DKIM-Signature", "Received-SPF",
        "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results",
    ];

    /// <param name="message">Begins with a header.</param>
    /// <param name="now">For a Date where there is none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">In words: its header cannot be used.</exception>
    public static async Task<WrittenMessage> ReadAsync(Stream message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        HeaderList all;
        try
        {
            all = await new MimeParser(message, MimeFormat.Entity).ParseHeadersAsync(cancellationToken);
        }
        catch (FormatException exception)
        {
            throw new IOException("The message's header cannot be read.", exception);
        }

        var fields = all.Where(field => !IsStructural(field.Field) && !NotSent.Contains(field.Field, StringComparer.OrdinalIgnoreCase))
            .Select(field => new HeaderField(field.Field, Encoding.Latin1.GetString(field.RawValue).TrimEnd('\r', '\n').ReplaceLineEndings("\r\n"))).ToList();
        var trace = fields.Where(field => Traces.Any(field.Is)).ToList();
        fields.RemoveAll(trace.Contains);
        var date = DateOf(all);
        if (date is null)
        {
            fields.Add(new HeaderField("Date", $" {DateUtils.FormatDate(now)}"));
        }

        if (all[HeaderId.MessageId] is null)
        {
            fields.Add(new HeaderField("Message-ID", $" <{MimeUtils.GenerateMessageId("localhost")}>"));
        }

        message.Position = 0;
        var entity = await new MimeParser(message, MimeFormat.Entity, persistent: true).ParseEntityAsync(cancellationToken);
        foreach (var field in entity.Headers.Where(field => !IsStructural(field.Field)).ToList())
        {
            entity.Headers.Remove(field);
        }

        entity.Headers.Remove(HeaderId.MimeVersion);
        foreach (var parameter in entity.ContentType.Parameters.Where(one => HeaderProtection.Contains(one.Name, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            entity.ContentType.Parameters.Remove(parameter);
        }

        entity.Prepare(EncodingConstraint.SevenBit);
        var body = new Spool();
        await entity.WriteToAsync(Format(), body, cancellationToken);
        await body.CompleteAsync(cancellationToken);
        return new WrittenMessage(
            fields,
            trace,
            body,
            date ?? now,
            all.Count(field => field.Id == HeaderId.From) == 1 ? Single(all[HeaderId.From]) : null,
            IsCryptographic(entity.ContentType),
            IsEncrypted(entity.ContentType));
    }

    private static DateTimeOffset? DateOf(HeaderList all) => all.Where(field => field.Id == HeaderId.Date).Select(field => field.Value).ToList() switch
    {
        [] => null,
        [var only] when DateUtils.TryParse(only, out var date) => date,
        _ => throw new IOException("The message's Date cannot be read, or is there twice: without one, it is dated now."),
    };

    private static FormatOptions Format()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    private static AddrSpec? Single(string? from) =>
        InternetAddressList.TryParse(from ?? string.Empty, out var list) && list is [MailboxAddress mailbox] && AddrSpec.TryParse(mailbox.Address, out var address)
            ? address
            : null;

    // RFC 8551 §3.2, §3.5.3; what is signed in another way is content like any other.
    private static bool IsCryptographic(ContentType type) => type.IsMimeType("application", "pkcs7-mime")
        || (type.IsMimeType("multipart", "signed") && type.Parameters["protocol"]?.ToLowerInvariant() is ("application/pkcs7-signature" or "application/x-pkcs7-signature"));

    // RFC 8551 §3.2.2.
    private static bool IsEncrypted(ContentType type) =>
        type.IsMimeType("application", "pkcs7-mime") && type.Parameters["smime-type"]?.ToLowerInvariant() is ("enveloped-data" or "authenveloped-data");

    private static bool IsStructural(string name) =>
        name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase);
}
