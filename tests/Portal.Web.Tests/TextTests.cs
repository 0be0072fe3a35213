using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.Web.Tests;

/// <summary>Every text is there in every language, fits its values, and is used.</summary>
public sealed partial class TextTests
{
    private static readonly string Sources = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src"));

    public static TheoryData<string> Resources => [.. Directory
        .EnumerateFiles(Sources, "*Texts.resx", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Sources, file))];

    [Theory]
    [MemberData(nameof(Resources))]
    public void Every_text_is_there_in_German_with_the_same_values(string file)
    {
        var (english, german) = (Texts(file), Texts(Path.ChangeExtension(file, ".de.resx")));
        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(), german.Keys.Order());
        Assert.All(english.Keys, key =>
        {
            Assert.False(string.IsNullOrWhiteSpace(german[key]), $"{key} is empty.");
            Assert.Equal((key, Values(english[key])), (key, Values(german[key])));
        });
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void Every_text_is_used(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var code = string.Join('\n', Directory
            .EnumerateFiles(Path.Combine(Sources, file.Split('/')[0]), "*.*", SearchOption.AllDirectories)
            .Where(source => source.EndsWith(".cs", StringComparison.Ordinal) || source.EndsWith(".razor", StringComparison.Ordinal))
            .Where(source => !source.Contains("/obj/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var used = Regex.Matches(code, $@"\b{name}\.(\w+)").Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(Texts(file).Keys.Except(used));
    }

    /// <summary>What stands between tags, or is read out, comes from the resources.</summary>
    [Fact]
    public void No_words_stand_in_the_markup()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Sources, "Portal.Web"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Markup().Matches(BeforeCode(File.ReadAllText(file))).Select(match => $"{Path.GetFileName(file)}: {match.Value.Trim()}"));
        Assert.Equal(["DnsRecord.razor: >TXT<", "PlainLayout.razor: <span>Portal<", "ProfileCard.razor: >Deutsch<", "ProfileCard.razor: >English<", "ReaderLayout.razor: <span>Portal<", "ServerFields.razor: >STARTTLS<", "ServerFields.razor: >TLS<", "TopBar.razor: <span>Portal<"], found.Order(StringComparer.Ordinal));
    }

    private static string BeforeCode(string razor) => Comment().Replace(razor.Split("\n@code", 2)[0], string.Empty);

    private static Dictionary<string, string> Texts(string file) => XDocument.Load(Path.Combine(Sources, file)).Root!
        .Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Values(string text) => string.Join(' ', Value().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{\d(:\w)?\}")]
    private static partial Regex Value();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // Two letters or more, where no @ leads to a resource.
    [GeneratedRegex(@"(<span>|>)[A-Z][\p{L} ,.]+<|(aria-label|title|placeholder|alt|Label)=""[A-Z][\p{L} ]+""")]
    private static partial Regex Markup();
}
