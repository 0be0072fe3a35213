using System.CommandLine;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

internal static class VerifyReceiptCommand
{
    public static Command Make()
    {
        var receipt = new Argument<FileInfo>("RECEIPT") { CustomParser = Typed.File, Description = "A signed receipt as it came." };
        var original = new Option<FileInfo>("--original") { HelpName = "SENT", CustomParser = Typed.File, Required = true, Description = "The message that asked for it, as it was sent." };
        var keys = KeyFiles.Option("--key", "Keys that open the two, where they are encrypted, PKCS#12.");
        var passwords = KeyFiles.PasswordOption();
        var trusted = TrustFiles.Option();
        var lists = TrustFiles.ListOption();
        var unrestricted = OpenCommand.UnrestrictedOption();
        var at = OpenCommand.AtOption("Judges as of then, such as 2026-01-31T08:00:00Z: when the receipt arrived. Now unless given.");
        var verify = new Verb(
            "verify-receipt",
            "Says what a signed receipt proves: who confirms to have verified exactly which message.",
            "portal smime verify-receipt receipt.eml --original sent.eml --trust ca.pem")
        {
            receipt, original, keys, passwords, trusted, lists, unrestricted, at,
        };
        verify.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var revocationLists = parsed.GetValue(lists) ?? [];
            var trust = await TrustFiles.ReadAsync(parsed.GetValue(trusted) ?? [], [], revocationLists, cancellationToken);
            var context = new OpeningContext(trust, found, parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow()) { UnrestrictedCertificates = parsed.GetValue(unrestricted) };
            await using var sent = await MessageFile.OpenAsync(parsed.GetRequiredValue(original), cancellationToken);
            await using var came = await MessageFile.OpenAsync(parsed.GetRequiredValue(receipt), cancellationToken);
            await using var openedSent = await MessageOpener.OpenAsync(sent, context, cancellationToken);
            if (openedSent.Failure is { } failure)
            {
                return await voice.RefuseAsync($"The original does not open: {Kebab.Of(failure.Kind)}. `portal smime open` says more.");
            }

            await using var openedReceipt = await MessageOpener.OpenAsync(came, context, cancellationToken);
            var match = ReceiptVerification.Verify(openedReceipt, openedSent.Layers.SelectMany(layer => layer.Signers));
            var report = ReceiptMatchReport.Of(match, openedReceipt, openedSent, revocationLists.Length > 0);
            return match is ReceiptMatch.Confirmed ? await voice.TellAsync(report, report.Words) : await voice.WarnAsync(report, report.Words);
        }));
        return verify;
    }
}
