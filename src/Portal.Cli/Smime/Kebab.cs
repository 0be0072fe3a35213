using System.Text.Json;

namespace Portal.Cli.Smime;

internal static class Kebab
{
    /// <summary>SignedValid is signed-valid.</summary>
    public static string Of(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    public static string Of<T>(T value)
        where T : struct, Enum => Of($"{value}");
}
