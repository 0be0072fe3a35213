using Portal.Application.Inbox;

namespace Portal.Application.SecureLinks;

/// <summary>What messages are called in an archive: by date and subject, each once, for any file system.</summary>
internal sealed class ExportNames
{
    private const int LongestSubject = 80;
    private const string Extension = ".eml";
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2107, 12, 31, 0, 0, 0, TimeSpan.Zero);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="at">As the message says.</param>
    /// <param name="subject">Likewise.</param>
    public string Of(DateTimeOffset at, string subject)
    {
        // A date in front: no name is reserved then, and they stand in their order.
        var words = PlainText.Line(subject, LongestSubject).Replace('/', '-').Replace('\\', '-');
        var name = SafeFileName.Of($"{at.UtcDateTime:yyyy-MM-dd HH-mm} {words}", 0);
        var unique = name;
        for (var number = 2; !_taken.Add(unique); number++)
        {
            unique = $"{name} ({number})";
        }

        return unique + Extension;
    }

    /// <summary>Within what archives can say.</summary>
    public static DateTimeOffset Time(DateTimeOffset at) => at < Earliest ? Earliest : at > Latest ? Latest : at.ToUniversalTime();
}
