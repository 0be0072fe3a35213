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

    /// <summary>What readers of other languages see; the portal itself speaks two.</summary>
    [Theory]
    [InlineData("fr")]
    [InlineData("es")]
    public void Every_text_that_readers_see_is_there_in_their_language(string language)
    {
        var web = Path.Combine(Sources, "Portal.Web");
        var pages = Directory.EnumerateFiles(web, "*.razor", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "_Imports.razor")
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!);
        var seen = pages.Where(page => page.Key == "ReaderLayout" || File.ReadAllText(page.Value).Contains("@layout ReaderLayout", StringComparison.Ordinal)).Select(page => page.Key).ToHashSet();
        for (var found = new Queue<string>(seen); found.TryDequeue(out var page);)
        {
            // Neither the offer to try again nor the one to check again is made to readers.
            foreach (var inner in Element().Matches(File.ReadAllText(pages[page])).Select(match => match.Groups[1].Value).Where(name => pages.ContainsKey(name) && name is not ("Problem" or "SignatureRecheck")))
            {
                if (seen.Add(inner))
                {
                    found.Enqueue(inner);
                }
            }
        }

        string[] further = ["Portal.Web/Inbox/VerdictWords.cs", "Portal.Web/Inbox/StepWords.cs", "Portal.Web/Shell/FileSize.cs", "Portal.Web/SecureLinks/CertificateWords.cs", "Portal.Application/SecureLinks/LinkNotices.cs", "Portal.Application/SecureLinks/ExportIndex.cs"];
        var used = seen.Select(page => pages[page]).Concat(further.Select(file => Path.Combine(Sources, file)))
            .SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => (Room: Path.GetRelativePath(Sources, file).Split('/')[0], Texts: match.Groups[1].Value, Name: match.Groups[2].Value)))
            .Distinct();
        Assert.Contains("VerdictSteps", seen);
        Assert.DoesNotContain(used, one => !TextsIn(one.Room, one.Texts, language).ContainsKey(one.Name));
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public void What_is_there_in_further_languages_has_the_same_values(string file)
    {
        var english = Texts(file);
        foreach (var further in Directory.EnumerateFiles(Path.GetDirectoryName(Path.Combine(Sources, file))!, $"{Path.GetFileNameWithoutExtension(file)}.*.resx"))
        {
            Assert.All(Texts(further), text =>
            {
                Assert.False(string.IsNullOrWhiteSpace(text.Value), $"{text.Key} is empty.");
                Assert.Equal((further, text.Key, Values(english[text.Key])), (further, text.Key, Values(text.Value)));
            });
        }
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
        Assert.Equal(["DnsRecord.razor: >TXT<", "PlainLayout.razor: <span>Portal<", "ProfileCard.razor: >Deutsch<", "ProfileCard.razor: >English<", "ServerFields.razor: >STARTTLS<", "ServerFields.razor: >TLS<", "TopBar.razor: <span>Portal<"], found.Order(StringComparer.Ordinal));
    }

    private static string BeforeCode(string razor) => Comment().Replace(razor.Split("\n@code", 2)[0], string.Empty);

    private static Dictionary<string, string> TextsIn(string room, string name, string language)
    {
        var file = Directory.EnumerateFiles(Path.Combine(Sources, room), $"{name}.{language}.resx", SearchOption.AllDirectories).SingleOrDefault();
        return file is null ? [] : Texts(file);
    }

    private static Dictionary<string, string> Texts(string file) => XDocument.Load(Path.Combine(Sources, file)).Root!
        .Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Values(string text) => string.Join(' ', Value().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex(@"<([A-Z]\w+)")]
    private static partial Regex Element();

    [GeneratedRegex(@"\b([A-Z]\w*Texts)\.(\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\{\d(:\w)?\}")]
    private static partial Regex Value();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // Two letters or more, where no @ leads to a resource.
    [GeneratedRegex(@"(<span>|>)[A-Z][\p{L} ,.]+<|(aria-label|title|placeholder|alt|Label)=""[A-Z][\p{L} ]+""")]
    private static partial Regex Markup();
}
