using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;

namespace Portal.Cli;

/// <summary>Which organisation a command is about: the only one, or the one that was named.</summary>
internal static class ChosenOrganisation
{
    private const string NotSetUp = "The portal is not set up yet.";

    public static Option<string?> Option() =>
        new("--domain") { HelpName = "DOMAIN", Description = "The organisation, by one of its mail domains; needed where there are several." };

    public static Option<string?> OptionForOneOfAll() =>
        new("--domain") { HelpName = "DOMAIN", Description = "Only this organisation, by one of its mail domains; all of them otherwise." };

    /// <summary>Runs a command about one organisation, or says why it is not clear which.</summary>
    public static Task<int> RunAsync(
        ParseResult parsed, Option<string?> domain, Func<IServiceProvider, Voice, OrganisationName, Task<int>> command, CancellationToken cancellationToken) =>
        Node.RunAsync(parsed, async (provider, voice) =>
            await FindAsync(provider, voice, parsed.GetValue(domain), cancellationToken) is { } organisation
                ? await command(provider, voice, organisation)
                : ExitCodes.NotFine);

    /// <returns>Null when it is not clear; what to do is said then.</returns>
    public static async Task<OrganisationName?> FindAsync(IServiceProvider provider, Voice voice, string? domain, CancellationToken cancellationToken)
    {
        var names = await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
        var chosen = Matching(names, domain);
        if (chosen.Count == 1)
        {
            return chosen[0];
        }

        var known = string.Join(", ", names.SelectMany(one => one.Domains.Concat(one.Claims)));
        await voice.RefuseAsync(names.Count == 0 ? NotSetUp : chosen.Count == 0 ? $"{Nobody(domain)} There is: {known}" : $"Say which organisation with --domain: {known}");
        return null;
    }

    /// <returns>Every organisation, or the named one; null when there is none of that name, which is said then.</returns>
    public static async Task<IReadOnlyList<OrganisationName>?> FindAllAsync(IServiceProvider provider, Voice voice, string? domain, CancellationToken cancellationToken)
    {
        var names = await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
        var chosen = Matching(names, domain);
        if (chosen.Count > 0)
        {
            return chosen;
        }

        await voice.RefuseAsync(names.Count == 0 ? NotSetUp : Nobody(domain));
        return null;
    }

    private static string Nobody(string? domain) => $"No organisation answers for {domain}.";

    // Whoever has proved the domain is meant; those who only claim it, where nobody has.
    private static List<OrganisationName> Matching(IReadOnlyList<OrganisationName> names, string? domain)
    {
        var proved = names.Where(one => domain is null || one.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase)).ToList();
        return proved.Count > 0 ? proved : names.Where(one => one.Claims.Contains(domain, StringComparer.OrdinalIgnoreCase)).ToList();
    }
}
