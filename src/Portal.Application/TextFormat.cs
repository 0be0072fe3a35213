using System.Globalization;

namespace Portal.Application;

public static class TextFormat
{
    /// <summary>A text of the resources with its values put in, as the reader's language writes them.</summary>
    public static string With(this string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
