using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests;

/// <summary>No container engine runs where this is tested: what the files name has to be what the code knows.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Compose = Repository.Read("docker-compose.yml");
    private static readonly string Dockerfile = Repository.Read("infra/docker/Dockerfile");

    public static TheoryData<string> Variables =>
        [.. Variable().Matches(Compose + Dockerfile).Select(match => match.Value).Distinct()];

    [Theory]
    [MemberData(nameof(Variables))]
    public void A_variable_is_a_setting_that_the_code_reads(string variable)
    {
        var known = ConfigurationReference.Sections.SelectMany(section => section.Settings).Select(setting => setting.Name);
        Assert.Contains(variable.Replace("__", ":", StringComparison.Ordinal), known);
    }

    [Fact]
    public void The_image_builds_projects_that_exist_and_starts_what_they_make()
    {
        foreach (Match project in Published().Matches(Dockerfile))
        {
            Assert.True(Directory.Exists(Path.Combine(Repository.Root, project.Groups[1].Value)), project.Value);
        }

        Assert.Contains("ENTRYPOINT [\"dotnet\", \"Portal.Web.dll\"]", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("<AssemblyName>portal</AssemblyName>", Repository.Read("src/Portal.Cli/Portal.Cli.csproj"), StringComparison.Ordinal);
        Assert.Contains("ln -s /cli/portal /usr/local/bin/portal", Dockerfile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_is_of_the_framework_that_the_projects_target()
    {
        var target = Regex.Match(Repository.Read("Directory.Build.props"), "<TargetFramework>net([0-9.]+)</TargetFramework>").Groups[1].Value;
        Assert.All(Image().Matches(Dockerfile), image => Assert.Equal(target, image.Groups[1].Value));
        Assert.Equal(2, Image().Count(Dockerfile));
    }

    [Fact]
    public void One_port_is_exposed_published_and_listened_to()
    {
        var listened = Regex.Match(Dockerfile, @"ASPNETCORE_URLS=http://\+:([0-9]+)").Groups[1].Value;
        Assert.Contains($"EXPOSE {listened}\n", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"\"127.0.0.1:8080:{listened}\"", Compose, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_builds_the_dockerfile_and_runs_both_roles_after_migrating()
    {
        Assert.Contains("dockerfile: infra/docker/Dockerfile", Compose, StringComparison.Ordinal);
        Assert.Contains("Portal__Roles: Web\n", Compose, StringComparison.Ordinal);
        Assert.Contains("Portal__Roles: Worker\n", Compose, StringComparison.Ordinal);
        Assert.Contains("entrypoint: [\"portal\", \"migrate\"]", Compose, StringComparison.Ordinal);
        Assert.Contains("new Verb(\"migrate\"", Repository.Read("src/Portal.Cli/MigrateCommand.cs"), StringComparison.Ordinal);
        Assert.Contains("condition: service_completed_successfully", Compose, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_contains_no_secret()
    {
        Assert.All(Password().Matches(Compose), match => Assert.StartsWith("${", match.Groups[1].Value, StringComparison.Ordinal));
        Assert.True(Password().Count(Compose) >= 3);
    }

    [GeneratedRegex("Portal__[A-Za-z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex("dotnet publish ([A-Za-z./]+)")]
    private static partial Regex Published();

    [GeneratedRegex("mcr.microsoft.com/dotnet/(?:sdk|aspnet):([0-9.]+)")]
    private static partial Regex Image();

    [GeneratedRegex("(?:Password=|PASSWORD: |MasterKey: )(\\S+)")]
    private static partial Regex Password();
}
