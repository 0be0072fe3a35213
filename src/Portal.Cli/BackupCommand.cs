using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Portal.Application.Backups;

namespace Portal.Cli;

internal static class BackupCommand
{
    public static Command Make()
    {
        var file = new Argument<FileInfo>("FILE") { CustomParser = Typed.File, Description = "A new file: one tar of the database, with checksums." };
        var withMasterKey = new Option<bool>("--with-master-key")
        {
            Description = "Puts the master key in too. Without it the file alone opens nothing; with it, whoever has the file can read all mail and sign in everybody's name.",
        };
        var backup = new Verb("backup", "Copies everything that the portal stores, sealed as it is stored; the portal may go on meanwhile.", "portal backup /mnt/backup/portal-monday.tar")
        {
            file,
            withMasterKey,
        };
        backup.SetAction((parsed, cancellationToken) => Node.RunAsync(parsed, async (provider, voice) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var manifest = await provider.GetRequiredService<BackingUp>().WriteAsync(path, parsed.GetValue(withMasterKey), cancellationToken);
            return await voice.TellAsync(
                new { file = path, bytes = new FileInfo(path).Length, manifest },
                [
                    $"{path}: {new FileInfo(path).Length} bytes, {manifest.Provider}, {manifest.Migration}",
                    .. manifest.Organisations.Select(one => $"{one.Name}: its audit chain up to entry {one.Sequence}"),
                    AboutTheKey(manifest),
                    .. manifest.FormerMasterKeys.Select(one => $"Some keys are sealed under a former master key, {one}: keep it too, or run `portal keys reseal` and back up again."),
                ]);
        }));
        return backup;
    }

    private static string AboutTheKey(BackupManifest manifest) => manifest switch
    {
        { MasterKey: null } => "No master key is needed: other key stores hold the keys, or what opens them.",
        { HoldsMasterKey: true } => $"The master key {manifest.MasterKey} is in it: guard this file as you guard the key.",
        _ => $"The master key {manifest.MasterKey} is not in it, because together they open everything. Keep it apart: without it this backup is noise.",
    };
}
