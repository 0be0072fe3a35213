using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;

namespace Portal.Cli;

/// <summary>Which organisation a command is about: the only one, or the one that was named.</summary>
internal static class ChosenOrganisation
{
    public static Option<string?> Option() =>
        new("--domain") { Description = "The organisation, by one of its mail domains; needed where there are several." };

    public static Option<string?> OptionForOneOfAll() =>
        new("--domain") { Description = "Only this organisation, by one of its mail domains; all of them otherwise." };

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

        await voice.RefuseAsync(names.Count == 0
            ? "The portal is not set up yet."
            : $"Say which organisation with --domain: {string.Join(", ", names.SelectMany(one => one.Domains.Concat(one.Claims)))}");
        return null;
    }

    /// <returns>Every organisation, or the named one; null when there is none of that name, which is said then.</returns>
    public static async Task<IReadOnlyList<OrganisationName>?> FindAllAsync(IServiceProvider provider, Voice voice, string? domain, CancellationToken cancellationToken)
    {
        var names = await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
        var chosen = Matching(names, domain);
        if (chosen.Count > 0 || domain is null)
        {
            return chosen;
        }

        await voice.RefuseAsync($"No organisation answers for {domain}.");
        return null;
    }

    // Whoever has proved the domain is meant; those who only claim it, where nobody has.
    private static List<OrganisationName> Matching(IReadOnlyList<OrganisationName> names, string? domain)
    {
        var proved = names.Where(one => domain is null || one.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase)).ToList();
        return proved.Count > 0 ? proved : names.Where(one => one.Claims.Contains(domain, StringComparer.OrdinalIgnoreCase)).ToList();
    }
}
