using MimeKit.Utils;

namespace Portal.Smime.Mime;

internal static class DateField
{
    /// <returns>Null unless there is exactly one that can be read.</returns>
    public static DateTimeOffset? Single(HeaderBlock header)
    {
        if (header.Single("Date") is not { } field)
        {
            return null;
        }

        var value = field.Unfolded;
        return DateUtils.TryParse(value, 0, value.Length, out var date) ? date : null;
    }
}
