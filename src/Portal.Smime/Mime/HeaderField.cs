using System.Text;

namespace Portal.Smime.Mime;

/// <param name="Name">As written; empty when the line was no header field at all.</param>
/// <param name="Value">What follows the colon, folding included, one char per byte (ISO 8859-1).</param>
public sealed record HeaderField(string Name, string Value)
{
    /// <summary>Without line breaks and surrounding blanks (RFC 5322 §2.2.3), as bytes of UTF-8 or whatever the sender used.</summary>
    internal byte[] Unfolded => Unfold(Value);

    /// <summary>Unfolded and decoded: RFC 2047 encoded words, and UTF-8 where it stands as it is (RFC 6532).</summary>
    public string Text => MimeKit.Utils.Rfc2047.DecodeText(Unfolded);

    /// <param name="value">As <see cref="Value"/>.</param>
    internal static byte[] Unfold(string value) => Encoding.Latin1.GetBytes(
        value.Replace("\r", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal).Trim(' ', '\t'));

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}
