using System.Security.Cryptography;
using System.Text;

namespace Portal.Database;

/// <summary>Hand-written SQL that stands beside the code in files of its own.</summary>
internal static class SqlText
{
    public static string Read(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Tells one version of a text from another.</summary>
    public static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
