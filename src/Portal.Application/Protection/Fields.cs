using System.Text;
using MimeKit;
using Portal.Smime.Mime;

namespace Portal.Application.Protection;

internal static class Fields
{
    /// <summary>The raw value is folded and encoded already; it ends in this platform's line break.</summary>
    public static HeaderField Of(Header header) =>
        new(header.Field, Encoding.Latin1.GetString(header.RawValue).TrimEnd('\r', '\n').ReplaceLineEndings("\r\n"));
}
