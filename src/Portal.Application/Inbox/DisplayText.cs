using System.Globalization;
using System.Text;
using MimeKit;

namespace Portal.Application.Inbox;

/// <summary>Text from a message as it may stand beside our own words.</summary>
internal static class DisplayText
{
    private const int Longest = 998;

    /// <summary>Without controls, line breaks and bidirectional overrides, and not endless.</summary>
    public static string Of(string? text)
    {
        var shown = new StringBuilder();
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            if (shown.Length >= Longest)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                shown.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned))
            {
                shown.Append(rune);
            }
        }

        return shown.ToString().Trim();
    }

    /// <summary>A name that contains an address would pass for one.</summary>
    public static AddressView Of(MailboxAddress mailbox)
    {
        var name = Of(mailbox.Name);
        return new AddressView(name.Contains('@', StringComparison.Ordinal) || name.Contains('＠', StringComparison.Ordinal) ? string.Empty : name, Of(mailbox.Address));
    }

    public static IReadOnlyList<AddressView> Of(InternetAddressList? addresses) => addresses?.Mailboxes.Select(Of).ToList() ?? [];

    /// <summary>The first words, for a list.</summary>
    public static string Preview(string text)
    {
        var beginning = text.Length <= 2000 ? text : text[..2000];
        var words = string.Join(' ', Of(beginning).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= 160 ? words : words[..160];
    }
}
