using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;

namespace Portal.Cli;

/// <summary>Which organisation a command is about: the only one, or the one that was named.</summary>
internal static class ChosenOrganisation
{
    public static Option<string?> Option() =>
        new("--domain") { Description = "The organisation, by one of its mail domains; needed where there are several." };

    /// <returns>Null when it is not clear; what to do is said then.</returns>
    public static async Task<OrganisationName?> FindAsync(IServiceProvider provider, string? domain, CancellationToken cancellationToken)
    {
        var names = await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
        var chosen = domain is null ? names : names.Where(one => one.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 1)
        {
            return chosen[0];
        }

        await Console.Error.WriteLineAsync(names.Count == 0
            ? "The portal is not set up yet."
            : $"Say which organisation with --domain: {string.Join(", ", names.SelectMany(one => one.Domains))}");
        return null;
    }
}
