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
        var at = OpenCommand.AtOption();
        var verify = new Verb(
            "verify-receipt",
            "Says what a signed receipt proves: who confirms to have verified exactly which message.",
            "portal smime verify-receipt receipt.eml --original sent.eml --trust ca.pem")
        {
            receipt, original, keys, passwords, trusted, lists, at,
        };
        verify.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var revocationLists = parsed.GetValue(lists) ?? [];
            var trust = await TrustFiles.ReadAsync(parsed.GetValue(trusted) ?? [], [], revocationLists, cancellationToken);
            var context = new OpeningContext(trust, found, parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow());
            await using var sent = await MessageFile.OpenAsync(parsed.GetRequiredValue(original), cancellationToken);
            await using var came = await MessageFile.OpenAsync(parsed.GetRequiredValue(receipt), cancellationToken);
            await using var openedSent = await MessageOpener.OpenAsync(sent, context, cancellationToken);
            if (openedSent.Failure is { } failure)
            {
                return await voice.RefuseAsync($"The original does not open: {Kebab.Of(failure.Kind)}. `portal smime open` says more.");
            }

            await using var openedReceipt = await MessageOpener.OpenAsync(came, context, cancellationToken);
            var match = ReceiptVerification.Verify(openedReceipt, openedSent.Layers.SelectMany(layer => layer.Signers));
            var report = ReceiptMatchReport.Of(match, openedReceipt, revocationLists.Length > 0);
            return match is ReceiptMatch.Confirmed ? await voice.TellAsync(report, report.Words) : await voice.WarnAsync(report, report.Words);
        }));
        return verify;
    }
}

/// <param name="Result">confirmed, untrusted, forged, original-broken, unmatched or no-receipt.</param>
/// <param name="Reason">Of a forged or untrusted one.</param>
/// <param name="Words">The same for people.</param>
/// <param name="Signature">The reader's.</param>
/// <param name="ContentIdentifier">Which content it names.</param>
internal sealed record ReceiptMatchReport(string Result, string? Reason, string Words, SignatureReport? Signature, string? ContentIdentifier)
{
    public static ReceiptMatchReport Of(ReceiptMatch match, OpenedMessage receipt, bool revocationRequired)
    {
        var signature = receipt.Summary.Signers is [var signer, ..] && receipt.Receipt is not null
            ? SignatureReport.Of(signer, receipt.Layers.Count, revocationRequired)
            : null;
        var who = signature?.Address ?? signature?.Certificate?.Subject ?? "somebody without a name";
        var (result, reason, words) = match switch
        {
            ReceiptMatch.Confirmed => ("confirmed", null, $"{who} confirms to have verified exactly this message; signed at {signature?.SigningTime:u} by the reader's clock."),
            ReceiptMatch.Untrusted => ("untrusted", signature?.Reason, $"{who} confirms this message, but the certificate is not accepted: {string.Join(", ", signature?.Reasons ?? [])}."),
            ReceiptMatch.Forged forged => ("forged", Kebab.Of(forged.Reason), $"Forged or damaged: {Kebab.Of(forged.Reason)}."),
            ReceiptMatch.OriginalBroken => ("original-broken", null, "The original given does not fit its own signature: it was changed since, and is not what was confirmed."),
            ReceiptMatch.Unmatched => ("unmatched", null, "It is a receipt for another message."),
            _ => ("no-receipt", null, "This is no signed receipt, or it does not open."),
        };
        return new ReceiptMatchReport(result, reason, words, signature, receipt.Receipt?.ContentIdentifier.ToString());
    }
}
