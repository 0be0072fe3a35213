using MimeKit;
using Portal.Application.Protection;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <summary>Which leaf of a payload is shown, which pictures belong to it, and what is left to download.</summary>
public sealed class MessageContents
{
    private readonly List<MimeEntity> _attachments = [];
    private readonly List<MimePart> _inlineImages = [];
    private readonly List<MimeEntity> _beside = [];

    private readonly bool _mayHaveLegacyDisplay;

    private MessageContents(bool mayHaveLegacyDisplay) => _mayHaveLegacyDisplay = mayHaveLegacyDisplay;

    public TextPart? Plain { get; private set; }

    public TextPart? Html { get; private set; }

    /// <summary>Parts with a Content-ID, which the HTML may refer to.</summary>
    public IReadOnlyList<MimePart> InlineImages => _inlineImages;

    /// <summary>What can be downloaded, in a lasting order; the inline pictures come last, and then what travels beside the message.</summary>
    public IReadOnlyList<MimeEntity> Attachments => [.. _attachments, .. _inlineImages, .. _beside];

    /// <summary>Stays readable as long as the payload does.</summary>
    /// <param name="payload">A MIME entity, header included, within the engine's limits.</param>
    /// <param name="header">Of the same message.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<MessageContents> ReadAsync(Stream payload, MessageHeader header, CancellationToken cancellationToken)
    {
        payload.Position = 0;
        var contents = new MessageContents(header.MayHaveLegacyDisplay);
        contents.Walk(await new MimeParser(payload, MimeFormat.Entity, persistent: true).ParseEntityAsync(cancellationToken));
        return contents;
    }

    /// <summary>The text of a part, without what its writer put in front of it for readers that do not look inside for the header (RFC 9788 §4.5.3).</summary>
    public async Task<string> TextAsync(TextPart part, CancellationToken cancellationToken)
    {
        var text = await PartReading.TextAsync(part, cancellationToken);
        return !_mayHaveLegacyDisplay || !LegacyDisplay.IsIn(part.ContentType) ? text
            : part.IsHtml ? MailHtml.WithoutElements(text, LegacyDisplay.HtmlClass)
            : LegacyDisplay.StripText(text);
    }

    /// <returns>Null for what is inside the message.</returns>
    internal LargeFileReference? BesideAt(int index) => index >= 0 && index < Attachments.Count ? LargeFilePart.Read(Attachments[index]) : null;

    /// <returns>Null when there is no such attachment.</returns>
    internal async Task<Download?> DownloadAsync(int index, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= Attachments.Count)
        {
            return null;
        }

        var part = Attachments[index];
        var description = await PartReading.DescribeAsync(part, index, cancellationToken);
        var content = await PartReading.DecodedAsync(part, cancellationToken);
        return description.Beside is null
            ? new Download(description.FileName, description.MediaType, content.Length, content)
            : new Download($"{description.FileName}.txt", part.ContentType.MimeType, content.Length, content);
    }

    private bool HasBody => Plain is not null || Html is not null;

    private void Walk(MimeEntity entity)
    {
        switch (entity)
        {
            case Multipart multipart when IsSubtype(multipart, "alternative"):
                WalkAlternative(multipart);
                break;
            case Multipart multipart when IsSubtype(multipart, "related"):
                WalkRelated(multipart);
                break;
            case Multipart multipart:
                foreach (var part in multipart)
                {
                    Walk(part);
                }

                break;
            case TextPart when LargeFilePart.Read(entity) is not null:
                _beside.Add(entity);
                break;
            case TextPart text when !HasBody && !text.IsAttachment && (text.IsPlain || text.IsHtml):
                Show(text);
                break;
            case MessageDeliveryStatus or MessageDispositionNotification:
                // RFC 3464, 8098: for programs; the words beside it say the same to people.
                break;
            default:
                _attachments.Add(entity);
                break;
        }
    }

    // RFC 2046 §5.1.4: alternatives of one content. Each leaf is shown alone; nothing is glued together.
    private void WalkAlternative(Multipart alternatives)
    {
        if (HasBody)
        {
            _attachments.AddRange(alternatives.Where(part => part is not Multipart));
            return;
        }

        foreach (var part in alternatives)
        {
            switch (part)
            {
                case TextPart { IsPlain: true } text when Plain is null:
                    Plain = text;
                    break;
                case TextPart { IsHtml: true } text when Html is null:
                    Html = text;
                    break;
                case Multipart multipart when IsSubtype(multipart, "related") && Html is null:
                    WalkRelated(multipart);
                    break;
                case Multipart multipart:
                    Walk(multipart);
                    break;
                default:
                    _attachments.Add(part);
                    break;
            }
        }
    }

    private void WalkRelated(Multipart related)
    {
        foreach (var (index, part) in related.Index())
        {
            if (index == 0)
            {
                if (part is TextPart { IsHtml: true } text && Html is null)
                {
                    Html = text;
                }
                else
                {
                    Walk(part);
                }
            }
            else if (part is MimePart { ContentId.Length: > 0 } image && image.ContentType.IsMimeType("image", "*"))
            {
                _inlineImages.Add(image);
            }
            else
            {
                Walk(part);
            }
        }
    }

    private void Show(TextPart text)
    {
        if (text.IsHtml)
        {
            Html = text;
        }
        else
        {
            Plain = text;
        }
    }

    private static bool IsSubtype(Multipart multipart, string subtype) => multipart.ContentType.IsMimeType("multipart", subtype);
}
