using System.Text;
using Portal.Smime.Mime;

namespace Portal.Smime.Dkim;

/// <summary>A header field in its relaxed form (RFC 6376 §3.4.2), without the line's end.</summary>
internal static class RelaxedHeader
{
    public static byte[] Of(HeaderField field)
    {
        var text = new StringBuilder(field.Name.ToLowerInvariant()).Append(':');
        var isBlank = false;
        foreach (var character in field.Value)
        {
            if (character is ' ' or '\t' or '\r' or '\n')
            {
                isBlank = true;
                continue;
            }

            if (isBlank && text.Length > field.Name.Length + 1)
            {
                text.Append(' ');
            }

            isBlank = false;
            text.Append(character);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
