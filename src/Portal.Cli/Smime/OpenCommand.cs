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
        var unrestricted = UnrestrictedOption();
        var at = AtOption("Judges as of then, such as 2026-01-31T08:00:00Z: when the message arrived. Now unless given.");
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
            unrestricted,
            at,
        };
        open.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var certificateRevocationLists = parsed.GetValue(lists) ?? [];
            var trust = await TrustFiles.ReadAsync(parsed.GetValue(trusted) ?? [], [], certificateRevocationLists, cancellationToken);
            await using var raw = await MessageFile.OpenAsync(parsed.GetRequiredValue(message), cancellationToken);
            var context = new OpeningContext(trust, found, parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow()) { UnrestrictedCertificates = parsed.GetValue(unrestricted) };
            await using var opened = await MessageOpener.OpenAsync(raw, context, cancellationToken);
            var report = await OpenReport.OfAsync(opened, found, certificateRevocationLists.Length > 0, cancellationToken);
            var lines = OpenLines.Of(report);
            return opened.Payload is null ? await voice.WarnAsync(report, lines) : await voice.TellAsync(report, lines);
        }));
        return open;
    }

    /// <param name="description">What is judged as of then. A date alone is its beginning, in UTC.</param>
    public static Option<DateTimeOffset?> AtOption(string description) => new("--at") { HelpName = "TIME", CustomParser = Typed.Moment, Description = description };

    public static Option<UnrestrictedCertificates> UnrestrictedOption()
    {
        var option = new Option<UnrestrictedCertificates>("--unrestricted")
        {
            HelpName = "deny|accept",
            CustomParser = typed => Typed.OneOfLower<UnrestrictedCertificates>(typed) ?? UnrestrictedCertificates.Deny,
            Description = "Whether a certificate that does not say what it is for may sign mail, as RFC 8550 lets it. deny, the default, as in the portal.",
        };
        option.CompletionSources.Add("deny", "accept");
        return option;
    }
}
