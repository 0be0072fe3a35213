using System.Globalization;

namespace Portal.Application.Transport;

/// <summary>What became of an attempt, as it is kept: a server's own words as they came, ours by their name, so that they are read in the reader's language.</summary>
internal static class ServerWords
{
    private const char Mark = '%';

    /// <param name="name">Of <see cref="ServerTexts"/>.</param>
    public static string Kept(string name) => Mark + name;

    /// <param name="kept">As it was kept.</param>
    /// <param name="language">The reader's; invariant for English.</param>
    public static string Read(string kept, CultureInfo language) =>
        kept is [Mark, .. var name] ? ServerTexts.ResourceManager.GetString(name, language) ?? kept : kept;
}
