using MimeKit.Utils;

namespace Portal.Smime.Mime;

internal static class DateField
{
    /// <returns>Null unless there is exactly one that can be read.</returns>
    public static DateTimeOffset? Single(HeaderBlock header)
    {
        var fields = header.All("Date").ToList();
        if (fields.Count != 1)
        {
            return null;
        }

        var value = fields[0].Unfolded;
        return DateUtils.TryParse(value, 0, value.Length, out var date) ? date : null;
    }
}
