namespace Portal.Web.Shell;

internal static class Initials
{
    /// <summary>Of the first two words of a name.</summary>
    public static string Of(string name) =>
        string.Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(word => word[..1].ToUpperInvariant()));
}
