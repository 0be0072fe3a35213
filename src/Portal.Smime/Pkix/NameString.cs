using System.Formats.Asn1;
using System.Text;

namespace Portal.Smime.Pkix;

/// <summary>DirectoryString and its relatives (RFC 5280 §4.1.2.4), and how two of them are compared (§7.1, RFC 4518).</summary>
internal static class NameString
{
    /// <returns>Null for what is no string, or not one that can be decoded.</returns>
    public static string? Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.Universal || tag.IsConstructed)
        {
            return null;
        }

        var type = (UniversalTagNumber)tag.TagValue;
        if (type is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
            or UniversalTagNumber.BMPString or UniversalTagNumber.T61String or UniversalTagNumber.VisibleString or UniversalTagNumber.NumericString))
        {
            return null;
        }

        try
        {
            return reader.ReadCharacterString(type);
        }
        catch (AsnContentException)
        {
            // Authorities put characters into PrintableString that it does not have.
            return type == UniversalTagNumber.PrintableString ? Encoding.Latin1.GetString(reader.PeekContentBytes().Span) : null;
        }
    }

    /// <summary>Case and runs of white space make no difference, nor do compatible characters.</summary>
    public static string Fold(string text)
    {
        var normal = Ascii.IsValid(text) ? text : Normalise(text);
        var folded = new StringBuilder(normal.Length);
        foreach (var character in normal.AsSpan().Trim())
        {
            if (!char.IsWhiteSpace(character))
            {
                folded.Append(char.ToLowerInvariant(character));
            }
            else if (folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }

    private static string Normalise(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair; equal to nothing but itself.
            return text;
        }
    }
}
