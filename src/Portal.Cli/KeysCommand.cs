using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Smime.Keys;

namespace Portal.Cli;

internal static class KeysCommand
{
    public static Command Make() => new("keys", "The master key that seals software keys in the database.") { Reseal() };

    private static Verb Reseal()
    {
        var renew = new Option<bool>("--new") { Description = "Makes a new master key first: the old one may be known to somebody, or is old." };
        var reseal = new Verb(
            "reseal",
            "Seals every software key under the master key that counts now, while the portal goes on. Harmless to end half way or to do twice.",
            "portal keys reseal",
            "portal keys reseal --new")
        {
            renew,
        };
        reseal.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            var rotation = provider.GetRequiredService<IMasterKeyRotation>();
            var master = parsed.GetValue(renew) ? await rotation.RenewMasterKeyAsync(cancellationToken) : await rotation.CurrentMasterKeyAsync(cancellationToken);
            var resealed = await rotation.ResealAsync(voice.Counting("keys sealed anew"), cancellationToken);
            return await voice.TellAsync(
                new { masterKey = master, resealed },
                [
                    $"{resealed} keys were sealed anew; all are sealed under the master key {master}.",
                    "A former master key is needed only for backups from before. Keep it as long as you keep those, and apart from them.",
                ]);
        }));
        return reseal;
    }
}
