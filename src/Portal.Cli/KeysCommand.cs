using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application;
using Portal.Application.KeyManagement;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Cli;

internal static class KeysCommand
{
    public static Command Make() => new("keys", "Who holds private keys.") { Stores(), Move(), Reseal() };

    private static Verb Stores()
    {
        var own = Store("--own", "Holds new keys of the organisation itself: authority, data, domains.");
        var signing = Store("--signing", "Holds what its people sign with from now on.");
        var opening = Store("--opening", "Holds what opens its people's mail from now on.");
        var domain = ChosenOrganisation.Option();
        var stores = new Verb(
            "stores",
            "Shows which key store holds an organisation's new keys; with options, chooses. Keys stay where they are until `portal keys move`.",
            "portal keys stores",
            "portal keys stores --signing hsm --opening hsm")
        {
            own, signing, opening, domain,
        };
        stores.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var choosing = provider.GetRequiredService<KeyStoreChoosing>();
            var before = await choosing.ReadAsync(organisation.Id, cancellationToken);
            var after = new KeyStoreChoice(parsed.GetValue(own) ?? before.Own, parsed.GetValue(signing) ?? before.Signing, parsed.GetValue(opening) ?? before.Opening);
            if (after != before && !await choosing.ChangeAsync(new Actor.Portal(organisation.Id, "command-line"), after, cancellationToken))
            {
                return await voice.RefuseAsync($"There is no such key store; there are: {string.Join(", ", choosing.Offered)}.");
            }

            return await voice.TellAsync(
                new { organisation = organisation.Name, stores = after, offered = choosing.Offered },
                organisation.Name,
                $"its own       {after.Own}",
                $"signing       {after.Signing}",
                $"opening mail  {after.Opening}",
                $"there are     {string.Join(", ", choosing.Offered)}");
        }, cancellationToken));
        return stores;
    }

    private static Verb Move()
    {
        var domain = ChosenOrganisation.Option();
        var move = new Verb(
            "move",
            "Replaces every key that is not in the store chosen for it: new keys and certificates, while the old ones stay for what was meant for them. It may be ended and begun again.",
            "portal keys move")
        {
            domain,
        };
        move.SetAction((parsed, cancellationToken) => ChosenOrganisation.RunAsync(parsed, domain, async (provider, voice, organisation) =>
        {
            var actor = new Actor.Portal(organisation.Id, "command-line");
            var replacing = provider.GetRequiredService<KeyReplacing>();
            var counting = voice.Counting("keys replaced", every: 10);
            var (moved, left) = (0, 0);
            foreach (var key in await replacing.ElsewhereAsync(actor, cancellationToken))
            {
                switch (await replacing.ReplaceAsync(actor, key, cancellationToken))
                {
                    case KeyReplaced.Done:
                        counting.Report(++moved);
                        break;
                    case KeyReplaced.StoreAway away:
                        return await voice.RefuseAsync($"{moved} keys were replaced; then a key store did not do what it was asked. {away.Words}");
                    default:
                        left++;
                        break;
                }
            }

            return await voice.TellAsync(
                new { organisation = organisation.Name, replaced = moved, left },
                [
                    $"{moved} keys were replaced.",
                    .. left == 0 ? Array.Empty<string>() : [$"{left} were left: they belong to people who are disabled, or to nobody any more."],
                    "The authority's key stays where it is, and each domain's is replaced on its page, because its record has to be published first.",
                ]);
        }, cancellationToken));
        return move;
    }

    private static Verb Reseal()
    {
        var renew = new Option<bool>("--new") { Description = "Makes a new master key first: the old one may be known to somebody, or is old." };
        var reseal = new Verb(
            "reseal",
            "Seals every software key in the database under the master key that counts now, while the portal goes on. Harmless to end half way or to do twice.",
            "portal keys reseal",
            "portal keys reseal --new")
        {
            renew,
        };
        reseal.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            // Where there is no database, no master key is made for it either.
            await provider.GetRequiredService<OrganisationNames>().ListAsync(cancellationToken);
            var rotation = provider.GetRequiredService<IMasterKeyRotation>();
            if (parsed.GetValue(renew))
            {
                await rotation.RenewMasterKeyAsync(cancellationToken);
            }

            var (resealed, master) = await rotation.ResealAsync(voice.Counting("keys sealed anew", every: 1000), cancellationToken);
            return await voice.TellAsync(
                new { masterKey = master, resealed },
                [
                    $"{resealed} keys were sealed anew; all are sealed under the master key {master}.",
                    "A former master key is needed only for backups from before. Keep it as long as you keep those, and apart from them.",
                ]);
        }));
        return reseal;
    }

    private static Option<string?> Store(string name, string description) => new(name) { HelpName = "STORE", Description = description };
}
