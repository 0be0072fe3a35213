using System.CommandLine;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

internal static class OpenCommand
{
    public static Command Make()
    {
        var message = new Argument<FileInfo>("MESSAGE") { CustomParser = Typed.File, Description = "A message (RFC 5322), or a CMS structure in DER or PEM." };
        var keys = KeyFiles.Option("--key", "A private key with its certificate, PKCS#12; may be given several times.");
        var passwords = KeyFiles.PasswordOption();
        var trusted = TrustFiles.Option();
        var lists = TrustFiles.ListOption();
        var at = AtOption();
        var open = new Verb(
            "open",
            "Opens a message step by step: layers, recipients, signatures, the verdict, header states, labels, attachments and text.",
            "portal smime open message.eml --key bob.p12 --password-file bob.txt --trust ca.pem --json")
        {
            message,
            keys,
            passwords,
            trusted,
            lists,
            at,
        };
        open.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var certificateRevocationLists = parsed.GetValue(lists) ?? [];
            var trust = await TrustFiles.ReadAsync(parsed.GetValue(trusted) ?? [], [], certificateRevocationLists, cancellationToken);
            await using var raw = await MessageFile.OpenAsync(parsed.GetRequiredValue(message), cancellationToken);
            var context = new OpeningContext(trust, found, parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow());
            await using var opened = await MessageOpener.OpenAsync(raw, context, cancellationToken);
            var report = await OpenReport.OfAsync(opened, certificateRevocationLists.Length > 0, cancellationToken);
            var lines = OpenLines.Of(report);
            return opened.Payload is null ? await voice.WarnAsync(report, lines) : await voice.TellAsync(report, lines);
        }));
        return open;
    }

    public static Option<DateTimeOffset?> AtOption() => new("--at")
    {
        HelpName = "TIME",
        CustomParser = Typed.Moment,
        Description = "Judges as of then, such as 2026-01-31T08:00:00Z: when the message arrived. Now unless given.",
    };
}
