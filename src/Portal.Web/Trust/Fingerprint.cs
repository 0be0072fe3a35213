namespace Portal.Web.Trust;

internal static class Fingerprint
{
    /// <summary>As people read them to each other.</summary>
    public static string InPairs(string hexadecimal) => string.Join(' ', hexadecimal.Chunk(4).Select(four => new string(four)));
}
