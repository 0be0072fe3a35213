using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.Architecture.Tests;

/// <param name="Name">With its section.</param>
/// <param name="Default">As one would write it; empty for none.</param>
/// <param name="Allowed">Values or range; empty for anything.</param>
/// <param name="Meaning">The property's own summary.</param>
internal sealed record Setting(string Name, string Default, string Allowed, string Meaning);

/// <summary>docs/configuration.md, made of the classes that settings are read into: those with a constant named Section.</summary>
internal static partial class ConfigurationReference
{
    private const string Head = """
        # Settings
        Made from the options classes by the tests; what is written here by hand is lost. Settings come from `appsettings.json`, the environment (`Portal__Database__Provider`) or the command line (`--Portal:Database:Provider`). Durations are written as `00:00:30` or `5.00:00:00` (days). Besides these, `ASPNETCORE_URLS` or `Kestrel:Endpoints` say where to listen, `Logging` what is logged, and OpenTelemetry's own variables (`OTEL_…`) hold.

        """;

    private static readonly string[] Assemblies = ["Portal.Application", "Portal.Database", "Portal.KeyStores", "Portal.Web"];

    public static IReadOnlyList<(string Section, string Meaning, List<Setting> Settings)> Sections { get; } = Assemblies
        .SelectMany(name => Assembly.Load(name).GetTypes())
        .Select(type => (Type: type, Section: SectionOf(type)))
        .Where(one => one.Section is not null)
        .OrderBy(one => one.Section, StringComparer.Ordinal).ThenBy(one => one.Type.Name, StringComparer.Ordinal)
        .Select(one => (one.Section!, Summary($"T:{one.Type.FullName}", one.Type), SettingsOf(one.Type, one.Section!)))
        .ToList();

    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var section in Sections.GroupBy(one => one.Section))
        {
            var meaning = string.Join(' ', section.Select(one => one.Meaning));
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Key}\n{meaning}\n\n| setting | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
            foreach (var setting in section.SelectMany(one => one.Settings))
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {Code(setting.Default)} | {setting.Allowed} | {setting.Meaning} |\n");
            }
        }

        return text.ToString();
    }

    private static string? SectionOf(Type type) =>
        type.GetField("Section", BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)?.GetRawConstantValue() as string;

    private static List<Setting> SettingsOf(Type type, string section)
    {
        var fresh = Activator.CreateInstance(type, nonPublic: true);
        return type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(property => property.CanWrite)
            .Select(property => new Setting(
                $"{section}:{property.Name}",
                Written(property.GetValue(fresh)),
                Allowed(property),
                Summary($"P:{type.FullName}.{property.Name}", type)))
            .ToList();
    }

    private static string Allowed(PropertyInfo property)
    {
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            return $"{Code(Convert.ToString(range.Minimum, CultureInfo.InvariantCulture)!)} to {Code(Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)!)}";
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(Code)) : type == typeof(bool) ? $"{Code("true")}, {Code("false")}" : string.Empty;
    }

    private static string Written(object? value) =>
        value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Code(string words) => words.Length == 0 ? string.Empty : $"`{words}`";

    private static string Summary(string member, Type type)
    {
        var documentation = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        var summary = documentation.Descendants("member").FirstOrDefault(one => one.Attribute("name")?.Value == member)?.Element("summary")?.Value;
        return Space().Replace(summary ?? string.Empty, " ").Trim();
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Space();
}
