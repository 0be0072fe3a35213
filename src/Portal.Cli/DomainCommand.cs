using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.Domains;

namespace Portal.Cli;

/// <summary>`portal organisation domain`: the mail domains of an organisation.</summary>
internal static class DomainCommand
{
    private const string Work = "command-line";

    public static Command Make() => new("domain", "The mail domains of an organisation, and whose they are proved to be.") { Add(), Prove(), Withdraw(), Remove(), List() };

    private static Verb Add()
    {
        var (name, organisation) = (Name(), ChosenOrganisation.Option());
        var vouched = new Option<bool>("--operator") { Description = "You say that it is theirs; no DNS record is asked for." };
        var add = new Verb("add", "Claims a domain, and says which DNS record proves it.", "portal organisation domain add example.org --operator") { name, vouched, organisation };
        add.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, organisation, async (provider, voice, chosen) =>
        {
            var (domains, actor) = (provider.GetRequiredService<OrganisationDomains>(), new Actor.Portal(chosen.Id, Work));
            var typed = parsed.GetRequiredValue(name);
            switch (await domains.AddAsync(actor, typed, cancellationToken))
            {
                case DomainAdding.Added added:
                    return parsed.GetValue(vouched)
                        ? await SayAsync(voice, await domains.VouchAsync(actor, added.Id, cancellationToken), typed)
                        : await DescribeAsync(voice, (await domains.FindAsync(actor, added.Id, cancellationToken))!);
                case DomainAdding.AlreadyHere:
                    return await voice.RefuseAsync($"{chosen.Name} claims {typed} already.");
                case DomainAdding.TooMany:
                    return await voice.RefuseAsync("An organisation has 100 domains at most.");
                default:
                    return await voice.RefuseAsync($"\"{typed}\" is no mail domain.");
            }
        }, cancellationToken));
        return add;
    }

    private static Verb Prove()
    {
        var (name, organisation) = (Name(), ChosenOrganisation.Option());
        var vouched = new Option<bool>("--operator") { Description = "You say that it is theirs; the DNS is not asked." };
        var prove = new Verb("prove", "Looks into the DNS for the record, or takes your word.", "portal organisation domain prove example.org") { name, vouched, organisation };
        prove.SetAction((parsed, cancellationToken) => RunAsync(parsed, name, organisation, async (domains, actor, domain, voice) =>
            await SayAsync(
                voice,
                parsed.GetValue(vouched) ? await domains.VouchAsync(actor, domain.Id, cancellationToken) : await domains.LookAsync(actor, domain.Id, cancellationToken),
                domain.Name), cancellationToken));
        return prove;
    }

    private static Verb Withdraw()
    {
        var (name, organisation) = (Name(), ChosenOrganisation.Option());
        var withdraw = new Verb("withdraw", "Takes a proof back, because the domain has changed hands.", "portal organisation domain withdraw example.org") { name, organisation };
        withdraw.SetAction((parsed, cancellationToken) => RunAsync(parsed, name, organisation, async (domains, actor, domain, voice) =>
            await domains.WithdrawAsync(actor, domain.Id, cancellationToken)
                ? await voice.TellAsync(new { domain = domain.Name, proved = false }, $"{domain.Name} is not proved any more. Mail from it stays within the organisation.")
                : await voice.RefuseAsync($"{domain.Name} is not proved."), cancellationToken));
        return withdraw;
    }

    private static Verb Remove()
    {
        var (name, organisation) = (Name(), ChosenOrganisation.Option());
        var remove = new Verb("remove", "Gives a claim up; refused while there are addresses in it.", "portal organisation domain remove example.org") { name, organisation };
        remove.SetAction((parsed, cancellationToken) => RunAsync(parsed, name, organisation, async (domains, actor, domain, voice) =>
            await domains.RemoveAsync(actor, domain.Id, cancellationToken) switch
            {
                DomainRemoval.InUse { Addresses: var addresses } => await voice.RefuseAsync($"{addresses} people or invitations have addresses in {domain.Name}."),
                _ => await voice.TellAsync(new { domain = domain.Name, removed = true }, $"{domain.Name} is not claimed any more."),
            }, cancellationToken));
        return remove;
    }

    private static Verb List()
    {
        var organisation = ChosenOrganisation.Option();
        var list = new Verb("list", "Domains, since when they are proved, and the record that proves them.", "portal organisation domain list --json") { organisation };
        list.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, organisation, async (provider, voice, chosen) =>
        {
            var domains = await provider.GetRequiredService<OrganisationDomains>().ListAsync(new Actor.Portal(chosen.Id, Work), cancellationToken);
            return await voice.TellAsync(
                domains,
                Table.Of(["DOMAIN", "PROVED", "BY", "RECORD"], domains.Select(one => (string[])
                    [one.Name, one.ProvedAt is { } at ? $"{at:yyyy-MM-dd}" : "no", $"{one.Proof}", $"{one.RecordName} TXT \"{one.RecordValue}\""])));
        }, cancellationToken));
        return list;
    }

    private static Argument<string> Name() => new("DOMAIN") { Description = "The mail domain." };

    private static Task<int> RunAsync(
        ParseResult parsed,
        Argument<string> name,
        Option<string?> organisation,
        Func<OrganisationDomains, Actor.Portal, DomainView, Voice, Task<int>> command,
        CancellationToken cancellationToken) =>
        ChosenOrganisation.RunAsync(parsed, organisation, async (provider, voice, chosen) =>
        {
            var (domains, actor) = (provider.GetRequiredService<OrganisationDomains>(), new Actor.Portal(chosen.Id, Work));
            var typed = parsed.GetRequiredValue(name);
            return (await domains.ListAsync(actor, cancellationToken)).FirstOrDefault(one => string.Equals(one.Name, typed, StringComparison.OrdinalIgnoreCase)) is { } domain
                ? await command(domains, actor, domain, voice)
                : await voice.RefuseAsync($"{chosen.Name} does not claim {typed}.");
        }, cancellationToken);

    private static Task<int> DescribeAsync(Voice voice, DomainView domain) => domain.ProvedAt is not null
        ? SayAsync(voice, new DomainLook.Proved(), domain.Name)
        : voice.TellAsync(
            domain,
            $"{domain.Name} is claimed. Add this record to its DNS, then `portal organisation domain prove {domain.Name}`:",
            $"{domain.RecordName} TXT \"{domain.RecordValue}\"");

    private static Task<int> SayAsync(Voice voice, DomainLook look, string domain) => look switch
    {
        DomainLook.Proved => voice.TellAsync(new { domain, proved = true }, $"{domain} is proved."),
        DomainLook.OtherValue other => voice.RefuseAsync($"The record says something else: {string.Join(" / ", other.Found)}"),
        DomainLook.NoAnswer => voice.RefuseAsync("The DNS servers do not answer."),
        DomainLook.ProvedElsewhere => voice.RefuseAsync($"Another organisation has proved {domain}: `portal organisation domain withdraw {domain} --domain …` there first."),
        _ => voice.RefuseAsync("There is no such record yet."),
    };
}
