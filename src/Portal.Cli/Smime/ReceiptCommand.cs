using System.CommandLine;
using System.Text;
using MimeKit.Utils;
using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

internal static class ReceiptCommand
{
    public static Command Make()
    {
        var message = new Argument<FileInfo>("MESSAGE") { CustomParser = Typed.File, Description = "A message that asks for a signed receipt." };
        var keys = KeyFiles.Option("--key", "The reader's keys, PKCS#12: they open the message, and sign the receipt.");
        var passwords = KeyFiles.PasswordOption();
        var output = ProtectCommand.OutputOption();
        var trusted = TrustFiles.Option();
        trusted.Description = "Answers only whoever is trusted by this authority, PEM or DER; without it, anybody whose signature is not broken.";
        keys.Required = true;
        var receipt = new Verb(
            "receipt",
            "Makes the signed receipt that a message asks for, once its signature has proved to be unbroken.",
            "portal smime receipt message.eml --key bob.p12 --password-file bob.txt --trust ca.pem -o receipt.eml")
        {
            message, keys, passwords, trusted, output,
        };
        receipt.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var reader = ProtectCommand.Signer(found, TimeProvider.System.GetUtcNow());
            await using var raw = await MessageFile.OpenAsync(parsed.GetRequiredValue(message), cancellationToken);
            var authorities = parsed.GetValue(trusted) ?? [];
            var trust = await TrustFiles.ReadAsync(authorities, [], [], cancellationToken);
            await using var opened = await MessageOpener.OpenAsync(raw, new OpeningContext(trust, found, TimeProvider.System.GetUtcNow()), cancellationToken);
            var addresses = MailAddresses.Of(reader.Certificate);
            var decision = ReceiptDecision.Of(opened, addresses, demandTrust: authorities.Length > 0);
            if (decision is not ReceiptDecision.Asked asked)
            {
                return await voice.RefuseAsync(Words(((ReceiptDecision.NotAsked)decision).Reason, opened, addresses));
            }

            var file = NamedFile.ToWrite(parsed.GetRequiredValue(output));
            await WriteAsync(asked, reader, file, cancellationToken);
            var to = asked.To.Select(address => address.ToString()).ToList();
            var verdict = Kebab.Of(opened.Summary.Verdict);
            return await voice.TellAsync(new { file = file.FullName, to, verdict }, $"{file.FullName}: a receipt for {string.Join(", ", to)} ({verdict})");
        }));
        return receipt;
    }

    private static string Words(NoReceipt reason, OpenedMessage opened, IReadOnlyList<AddrSpec> reader) => reason switch
    {
        NoReceipt.NotOpened => $"The message does not open: {Kebab.Of(opened.Failure!.Kind)}. `portal smime open` says more.",
        NoReceipt.IsReceipt => "It is a receipt itself, and no receipt is given for one.",
        NoReceipt.SignatureInvalid => "Its signature is broken or cannot be checked, so that there is nothing to confirm.",
        NoReceipt.SignatureUntrusted => $"Whoever asks is not trusted: {string.Join(", ", opened.Summary.Reasons.Select(Kebab.Of).Concat(opened.Summary.Signers.SelectMany(signer => signer.Reasons).Select(Kebab.Of)).Distinct())}. `portal smime open` says more.",
        NoReceipt.Automatic => "A program wrote it, or it went to many (Auto-Submitted, Precedence, List-Id): no receipt is given for such.",
        NoReceipt.ListUntrusted => "Somebody on its way, whose signature is not trusted, wants the receipt elsewhere: --trust names the authority of the mailing list.",
        NoReceipt.NotAsked => "It does not ask for a receipt.",
        NoReceipt.Unreadable => "Its request for a receipt, or the history of its lists, cannot be read.",
        NoReceipt.Disputed => "Those who signed it ask for different receipts, or tell different histories of lists, so that nobody is answered.",
        NoReceipt.NotListed => $"It asks others for a receipt, not {(reader.Count > 0 ? string.Join(", ", reader) : "this certificate, which has no address")}.",
        NoReceipt.NotFirstTier => "It asks for a receipt from those only who did not get it through a mailing list.",
        NoReceipt.ForbiddenByList => "The mailing list that it came through wants no receipts.",
        NoReceipt.NowhereToSend => "It asks for a receipt, and names no mail address that it could go to.",
    };

    private static async Task WriteAsync(ReceiptDecision.Asked asked, Signer reader, FileInfo file, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var from = MailAddresses.Of(reader.Certificate) is [var address, ..] ? $"From: {address}\r\n" : string.Empty;
        var header = $"{from}To: {string.Join(", ", asked.To)}\r\nSubject: Signed receipt\r\nDate: {DateUtils.FormatDate(now)}\r\n"
            + $"Message-ID: <{MimeUtils.GenerateMessageId("localhost")}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
        await NamedFile.WriteAsync(file, async destination =>
        {
            await destination.WriteAsync(Encoding.UTF8.GetBytes(header), cancellationToken);
            await SignedReceiptEntity.WriteAsync(
                asked.Request, asked.Original, reader, new SigningProperties(now), destination, cancellationToken);
        });
    }
}
