using MimeKit;

namespace Portal.Application.Inbox;

/// <summary>Text from a message as it may stand beside our own words.</summary>
internal static class DisplayText
{
    /// <summary>A name that contains an address would pass for one.</summary>
    public static AddressView Of(MailboxAddress mailbox)
    {
        var name = PlainText.Line(mailbox.Name);
        return new AddressView(name.Contains('@', StringComparison.Ordinal) || name.Contains('＠', StringComparison.Ordinal) ? string.Empty : name, PlainText.Line(mailbox.Address));
    }

    public static IReadOnlyList<AddressView> Of(InternetAddressList? addresses) => addresses?.Mailboxes.Select(Of).ToList() ?? [];

    /// <summary>The first words, for a list.</summary>
    public static string Preview(string text)
    {
        var beginning = text.Length <= 2000 ? text : text[..2000];
        var words = string.Join(' ', PlainText.Line(beginning).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= 160 ? words : words[..160];
    }
}
