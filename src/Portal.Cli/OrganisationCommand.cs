using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Organisations;
using Portal.Application.Setup;

namespace Portal.Cli;

internal static class OrganisationCommand
{
    public static Command Make() => new("organisation", "The organisations of this installation.") { Add(), List(), DomainCommand.Make() };

    private static Verb Add()
    {
        var name = new Argument<string>("NAME") { Description = "As its people call it." };
        var mailDomain = new Argument<string>("DOMAIN") { Description = "The mail domain that it answers for." };
        var add = new Verb("add", "Founds an organisation: its keys, its authority, its first revocation list.", "portal organisation add \"Example Clinic\" example.org")
        {
            name,
            mailDomain,
        };
        add.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            var (called, domain) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(mailDomain));
            var outcome = await provider.GetRequiredService<OrganisationFounding>().AddAsync(called, domain, cancellationToken);
            return outcome switch
            {
                OrganisationAdding.Added added => await voice.TellAsync(
                    new { added.Id, name = called, domain = added.Domain }, $"{called} answers for {added.Domain}.", $"id {added.Id}"),
                OrganisationAdding.NameMissing => await voice.RefuseAsync("An organisation needs a name of at most 100 characters."),
                OrganisationAdding.DomainMalformed => await voice.RefuseAsync($"\"{domain}\" is no mail domain."),
                OrganisationAdding.DomainTaken => await voice.RefuseAsync($"{domain} belongs to another organisation."),
                _ => await voice.RefuseAsync("This database holds one organisation. For more, use PostgreSQL."),
            };
        }));
        return add;
    }

    private static Verb List()
    {
        var list = new Verb("list", "Names, mail domains and ids.", "portal organisation list --json");
        list.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            var names = await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
            return await voice.TellAsync(
                names.Select(one => new { one.Id, one.Name, one.Domains, one.Claims }),
                names.Count == 0
                    ? ["There is no organisation yet: `portal organisation add`, or the first visit of the web page."]
                    : Table.Of(["NAME", "DOMAINS", "ID"], names.Select(one => (string[])[one.Name, string.Join(", ", one.Domains), one.Id.ToString()])));
        }));
        return list;
    }
}
