using System.Text;
using Portal.Testing;

namespace Portal.Web.Tests;

/// <summary>A search that finds nothing proves something only if it finds what is there.</summary>
public sealed class CanarySearchTests : IDisposable
{
    private const string Canary = "kanarienvogel-4711-singt";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("canary-");

    public static TheoryData<string> Hiding =>
    [
        Canary,
        Convert.ToBase64String(Encoding.UTF8.GetBytes("a" + Canary + "xyz")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("ab" + Canary + "xyz")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("abc" + Canary + "xyz")),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)),
        Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(Canary)),
    ];

    [Theory]
    [MemberData(nameof(Hiding))]
    public async Task It_is_found_in_the_middle_of_other_bytes(string hidden)
    {
        await File.WriteAllBytesAsync(
            Path.Combine(_directory.CreateSubdirectory("deep").FullName, "file"), [.. new byte[1000], .. Encoding.Latin1.GetBytes(hidden), 1, 2, 3]);
        Assert.NotEmpty(await CanarySearch.FindAsync([Canary], _directory.FullName));
    }

    [Fact]
    public async Task Nothing_is_found_where_nothing_is()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "file"), Canary.ToUpperInvariant());
        Assert.Empty(await CanarySearch.FindAsync([Canary], _directory.FullName));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
