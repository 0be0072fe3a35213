using System.Reflection;
using System.Xml.Linq;

namespace Portal.Architecture.Tests;

/// <summary>Assemblies exist only where a dependency must be impossible.</summary>
public sealed class AssemblyDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Portal.Smime"] = [],
        ["Portal.KeyStores"] = ["Portal.Smime"],
        ["Portal.Application"] = ["Portal.Smime"],
        ["Portal.Database"] = ["Portal.Application", "Portal.Smime"],
        ["Portal.Web"] = ["Portal.Application", "Portal.Database", "Portal.KeyStores"],
        ["Portal.Cli"] = ["Portal.Application", "Portal.Database", "Portal.KeyStores", "Portal.Smime"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Fact]
    public void Every_project_under_src_has_its_directions_here()
    {
        var projects = Repository.Sources("*.csproj").Where(file => file.StartsWith("src", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_it_may_know(string project)
    {
        var references = XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_it_may_know(string project)
    {
        // References of references compile too; what counts is what the code uses.
        var assembly = Assembly.Load(project == "Portal.Cli" ? "portal" : project);
        var used = assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("Portal.", StringComparison.Ordinal));
        Assert.Empty(used.Except(Allowed[project]));
    }
}
