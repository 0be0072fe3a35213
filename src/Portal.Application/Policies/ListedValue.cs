using System.Text;
using Portal.Application.AtRest;
using Portal.Smime.Pkix;

namespace Portal.Application.Policies;

/// <param name="Kind">What it is.</param>
/// <param name="Text">As it is compared: address and domain in lower case, fingerprint in capitals.</param>
internal readonly record struct ListedValue(ListKind Kind, string Text)
{
    private const int FingerprintDigits = 64;

    /// <summary>People type an address, a domain (example.org, @example.org, *@example.org, *.example.org) or a SHA-256 fingerprint, and each looks like nothing else.</summary>
    /// <returns>Null for what is none of them.</returns>
    public static ListedValue? Read(string typed)
    {
        var text = typed.Trim();
        text = text.StartsWith("*@", StringComparison.Ordinal) ? text[1..] : text;
        var digits = text.Replace(":", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal);
        if (digits.Length == FingerprintDigits && digits.All(char.IsAsciiHexDigit))
        {
            return new ListedValue(ListKind.Certificate, digits.ToUpperInvariant());
        }

        if (AddrSpec.TryParse(text, out var address))
        {
            // A mailbox may have a star in its name; whoever types one means a pattern, and there are none.
            return text.Contains('*', StringComparison.Ordinal) ? null : Of(address);
        }

        return MailDomain.Normalised(text) is { } domain ? new ListedValue(ListKind.Domain, domain) : null;
    }

    public static ListedValue Of(AddrSpec address) => new(ListKind.Address, AddressKey.Of(address));

    /// <summary>An address and every domain that it is at or below.</summary>
    public static IEnumerable<ListedValue> AllOf(AddrSpec address) =>
        MailDomain.WithThoseAbove(address.Domain).Select(domain => new ListedValue(ListKind.Domain, domain)).Prepend(Of(address));

    public static ListedValue OfCertificate(string fingerprint) => new(ListKind.Certificate, fingerprint);

    public byte[] Token(SealingKey key) => key.Token(Encoding.UTF8.GetBytes($"{Kind}:{Text}"));
}
