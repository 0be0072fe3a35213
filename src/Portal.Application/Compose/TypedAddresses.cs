using MimeKit;
using Portal.Application.Protection;
using Portal.Smime.Pkix;

namespace Portal.Application.Compose;

/// <param name="Text">As typed.</param>
/// <param name="Field">Where.</param>
/// <param name="Name">Display name; may be empty.</param>
/// <param name="Address">Null when the text is no mail address.</param>
internal sealed record TypedAddress(string Text, RecipientField Field, string Name, AddrSpec? Address);

/// <summary>Reads what people type into address fields, one by one, so that one mistake spoils only itself.</summary>
internal static class TypedAddresses
{
    /// <summary>Recipients of one message.</summary>
    public const int Most = 500;

    /// <summary>Beyond this nothing is looked up; the message is refused.</summary>
    private const int MostRead = Most + 1;

    /// <returns>Each address once, where it stood first.</returns>
    public static IReadOnlyList<TypedAddress> Read(DraftContent content) =>
        ((IEnumerable<(string Text, RecipientField Field)>)[(content.To, RecipientField.To), (content.Cc, RecipientField.Cc), (content.Bcc, RecipientField.Bcc)])
            .SelectMany(field => Split(field.Text).Select(text => text.Trim()).Where(text => text.Length > 0).Select(text => Read(text, field.Field)))
            .DistinctBy(typed => typed.Address is null ? typed.Text : AddressKey.Of(typed.Address))
            .Take(MostRead)
            .ToList();

    private static TypedAddress Read(string text, RecipientField field)
    {
        if (AddrSpec.TryParse(text, out var bare))
        {
            return new TypedAddress(text, field, string.Empty, bare);
        }

        // The parser closes quotes by itself; whoever typed this may have meant two addresses.
        return text.Count(character => character == '"') % 2 == 0 && MailboxAddress.TryParse(text, out var mailbox) && AddrSpec.TryParse(mailbox.Address, out var address)
            ? new TypedAddress(text, field, mailbox.Name ?? string.Empty, address)
            : new TypedAddress(text, field, string.Empty, null);
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var quoted = false;
        var angled = false;
        for (var at = 0; at < text.Length; at++)
        {
            quoted ^= text[at] == '"';
            angled = !quoted && (text[at] == '<' || (angled && text[at] != '>'));
            if (!quoted && !angled && text[at] is (',' or ';' or '\n'))
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        yield return text[start..];
    }
}
