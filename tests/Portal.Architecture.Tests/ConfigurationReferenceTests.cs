using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests;

/// <summary>The operator's reference says what the code reads.</summary>
public sealed partial class ConfigurationReferenceTests
{
    private const string Document = "docs/configuration.md";
    private const string Write = "PORTAL_WRITE_REFERENCE";

    [Fact]
    public void The_reference_is_what_the_options_classes_say()
    {
        var expected = ConfigurationReference.Write();
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Document), expected);
        }

        var found = File.Exists(Path.Combine(Repository.Root, Document)) ? Repository.Read(Document) : string.Empty;
        Assert.True(
            found == expected,
            $"{Document} is not what the options classes say. Write it anew: dotnet build tests/Portal.Architecture.Tests && {Write}=1 dotnet exec "
            + "tests/Portal.Architecture.Tests/bin/Debug/net10.0/Portal.Architecture.Tests.dll --filter-class '*ConfigurationReferenceTests*'");
    }

    [Fact]
    public void Every_setting_has_a_meaning_and_every_section_too()
    {
        Assert.Empty(ConfigurationReference.Sections.SelectMany(section => section.Settings).Where(setting => setting.Meaning.Length == 0).Select(setting => setting.Name));
        Assert.Empty(ConfigurationReference.Sections.Where(section => section.Meaning.Length == 0).Select(section => section.Section));
        Assert.True(ConfigurationReference.Sections.Sum(section => section.Settings.Count) >= 25, "The options classes were not found.");
    }

    [Fact]
    public void A_setting_that_the_code_names_is_in_the_reference()
    {
        var known = ConfigurationReference.Sections
            .SelectMany(section => section.Settings.Select(setting => setting.Name).Append(section.Section).Append(section.Section.Replace(":NAME", string.Empty, StringComparison.Ordinal)))
            .ToHashSet(StringComparer.Ordinal);
        var unknown = Repository.Sources("*.cs", "*.razor")
            .Where(file => file.StartsWith("src", StringComparison.Ordinal))
            .SelectMany(file => Named().Matches(Repository.Read(file)).Select(match => (file, Name: match.Groups[1].Value)))
            .Where(one => !known.Contains(one.Name))
            .Select(one => $"{one.file}: {one.Name}");
        Assert.Empty(unknown);
    }

    [GeneratedRegex("\"(Portal:[A-Za-z:]+)\"")]
    private static partial Regex Named();
}
