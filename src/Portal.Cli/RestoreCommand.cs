using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Backups;

namespace Portal.Cli;

internal static class RestoreCommand
{
    public static Command Make()
    {
        var file = new Argument<FileInfo>("FILE") { CustomParser = Typed.File, Description = "What `portal backup` made." };
        var replace = new Option<bool>("--replace") { Description = "Also where an organisation lives in this database now, which then is gone." };
        var restore = new Verb(
            "restore",
            "Checks a backup, puts it in the place of the database, migrates it and verifies its audit chains. Stop the portal first.",
            "portal restore /mnt/backup/portal-monday.tar")
        {
            file,
            replace,
        };
        restore.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
            await provider.GetRequiredService<Restoring>().RestoreAsync(NamedFile.ToRead(parsed.GetRequiredValue(file)).FullName, parsed.GetValue(replace), cancellationToken) switch
            {
                RestoreOutcome.Restored { Doubts.Count: 0 } restored => await voice.TellAsync(restored, Lines(restored)),
                RestoreOutcome.Restored restored => await voice.WarnAsync(restored, Lines(restored)),
                RestoreOutcome.Refused refused => await voice.RefuseAsync($"Nothing was changed. {refused.Reason}"),
                _ => throw new InvalidOperationException("A restore is done or refused."),
            }));
        return restore;
    }

    private static IEnumerable<string> Lines(RestoreOutcome.Restored restored)
    {
        yield return $"Restored: what the portal stored at {restored.Manifest.MadeAt:u} ({restored.Manifest.Migration}), and brought to this version.";
        foreach (var organisation in restored.Manifest.Organisations)
        {
            yield return $"{organisation.Name}: its audit chain up to entry {organisation.Sequence} at least";
        }

        if (restored.BroughtMasterKey)
        {
            yield return "The master key came with it and is in its place.";
        }

        foreach (var doubt in restored.Doubts)
        {
            yield return $"NOT FINE: {doubt}";
        }
    }
}
