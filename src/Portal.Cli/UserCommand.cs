using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Application;
using Portal.Application.Accounts;
using Portal.Application.Setup;

namespace Portal.Cli;

internal static class UserCommand
{
    public static Command Make() => new("user", "People who sign in.")
    {
        Add(),
        List(),
        Link("password", "Prints a link with which somebody chooses a new password; their second factor stays.", resetsSecondFactors: false),
        Link("reset", "Prints a link for a new password that also removes authenticator app, recovery codes and passkeys.", resetsSecondFactors: true),
        Change("disable", "Ends somebody's sessions and lets them in no more; their mail is kept.", (people, actor, id, cancel) => people.DisableAsync(actor, id, cancel)),
        Change("enable", "Lets somebody in again, also after too many wrong passwords.", (people, actor, id, cancel) => people.EnableAsync(actor, id, cancel)),
    };

    private static Verb Add()
    {
        var email = Email();
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "As recipients see it.", Required = true };
        var roles = new Option<Roles[]>("--role")
        {
            HelpName = "ROLE",
            CustomParser = Typed.SomeOf<Roles>,
            Description = "User, Administrator, CertificateManager or Auditor; may be given several times.",
            DefaultValueFactory = _ => [Roles.User],
        };
        roles.CompletionSources.Add(Typed.Flags<Roles>());
        var domain = ChosenOrganisation.Option();
        var add = new Verb(
            "add", "Invites somebody: prints a link that works once, with which they choose a password.",
            "portal user add ada@example.org --name \"Ada Abel\" --role User --role Administrator")
        {
            email, name, roles, domain,
        };
        add.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var invitation = new Invitation(
                parsed.GetRequiredValue(email), parsed.GetRequiredValue(name), parsed.GetRequiredValue(roles).Aggregate(Roles.None, (all, one) => all | one), MailTo: null);
            var outcome = await provider.GetRequiredService<Invitations>().InviteAsync(new Actor.Portal(organisation.Id, "command-line"), invitation, cancellationToken);
            return outcome switch
            {
                InvitationOutcome.Invited invited => await PrintAsync(provider, voice, invited.Link),
                InvitationOutcome.Invalid { Problem: var problem } => await voice.RefuseAsync(Words(problem, organisation.Domains)),
                _ => ExitCodes.NotFine,
            };
        }, cancellationToken));
        return add;
    }

    private static Verb List()
    {
        var domain = ChosenOrganisation.Option();
        var list = new Verb("list", "Who signs in, with their roles.", "portal user list --json") { domain };
        list.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var people = await provider.GetRequiredService<People>().ListAsync(new Actor.Portal(organisation.Id, "command-line"), cancellationToken);
            return await voice.TellAsync(
                people.Select(one => new { one.Id, one.DisplayName, one.Email, roles = one.Roles.ToString().Split(", "), one.Disabled, one.HasSecondFactor, one.LastSignInAt }),
                Table.Of(["ADDRESS", "NAME", "ROLES", "STATE"], people.Select(one => (string[])
                    [one.Email, one.DisplayName, one.Roles.ToString(), one.Disabled ? "disabled" : one.HasSecondFactor ? "second factor" : "password only"])));
        }, cancellationToken));
        return list;
    }

    private static Verb Link(string verb, string description, bool resetsSecondFactors)
    {
        var email = Email();
        var domain = ChosenOrganisation.Option();
        var command = new Verb(verb, description, $"portal user {verb} ada@example.org") { email, domain };
        command.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var (people, actor) = (provider.GetRequiredService<People>(), new Actor.Portal(organisation.Id, "command-line"));
            return await people.FindByEmailAsync(actor, parsed.GetRequiredValue(email), cancellationToken) is { } id
                && await people.IssueNewPasswordLinkAsync(actor, id, resetsSecondFactors, cancellationToken) is { } link
                    ? await PrintAsync(provider, voice, link)
                    : await voice.RefuseAsync(Nobody);
        }, cancellationToken));
        return command;
    }

    private static Verb Change(string verb, string description, Func<People, Actor, AccountId, CancellationToken, Task<PersonChange>> change)
    {
        var email = Email();
        var domain = ChosenOrganisation.Option();
        var command = new Verb(verb, description, $"portal user {verb} ada@example.org") { email, domain };
        command.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var (people, actor) = (provider.GetRequiredService<People>(), new Actor.Portal(organisation.Id, "command-line"));
            if (await people.FindByEmailAsync(actor, parsed.GetRequiredValue(email), cancellationToken) is not { } id)
            {
                return await voice.RefuseAsync(Nobody);
            }

            return await change(people, actor, id, cancellationToken) is PersonChange.Done
                ? await voice.TellAsync(new { id }, "Done.")
                : await voice.RefuseAsync("Nobody would be left who can manage people. Make somebody else an administrator first.");
        }, cancellationToken));
        return command;
    }

    private const string Nobody = "Nobody signs in with that address.";

    private static Argument<string> Email() => new("ADDRESS") { Description = "What they sign in with." };

    private const string HowToOpen =
        "Open it on the portal's address, such as https://mail.example.org/join/…; once Portal:PublicAddress is set (in the environment Portal__PublicAddress), the whole link is printed.";

    /// <summary>The whole address where the portal knows its own, else what follows it.</summary>
    private static Task<int> PrintAsync(IServiceProvider provider, Voice voice, IssuedLink link)
    {
        var path = $"/join/{link.Token}";
        var known = provider.GetRequiredService<IOptions<PublicAddressOptions>>().Value.PublicAddress;
        var address = known is null ? path : new Uri(known, path).ToString();
        IEnumerable<string> lines = [address, $"It works once, until {link.ExpiresAt:u}."];
        return voice.TellAsync(new { link = address, until = link.ExpiresAt }, known is null ? lines.Append(HowToOpen) : lines);
    }

    private static string Words(InvitationProblem problem, IReadOnlyList<string> domains) => problem switch
    {
        InvitationProblem.NameMissing => "Say their name with --name, in at most 100 characters.",
        InvitationProblem.AddressMalformed => "That is no mail address.",
        InvitationProblem.AddressOutsideDomains => $"The address has to be in one of the organisation's domains: {string.Join(", ", domains)}",
        InvitationProblem.AddressTaken => "Somebody has this address already.",
        InvitationProblem.NoRoom => "There are as many people and open invitations as the organisation may have.",
        InvitationProblem.NoRole => "Give them at least one role.",
        InvitationProblem.MailAddressMalformed or InvitationProblem.PublicAddressUnknown => "The invitation cannot be mailed.",
    };
}
