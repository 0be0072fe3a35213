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
        keys.Required = true;
        var receipt = new Verb(
            "receipt",
            "Makes the signed receipt that a message asks for, once its signature has proved to be unbroken.",
            "portal smime receipt message.eml --key bob.p12 --password-file bob.txt -o receipt.eml")
        {
            message, keys, passwords, output,
        };
        receipt.SetAction((parsed, cancellationToken) => SmimeCommand.RunAsync(parsed, async voice =>
        {
            using var found = await KeyFiles.ReadAsync(parsed.GetValue(keys) ?? [], parsed.GetValue(passwords) ?? [], cancellationToken);
            var reader = ProtectCommand.Signer(found, TimeProvider.System.GetUtcNow());
            await using var raw = await MessageFile.OpenAsync(parsed.GetRequiredValue(message), cancellationToken);
            await using var opened = await MessageOpener.OpenAsync(raw, new OpeningContext(TrustStore.Empty, found, TimeProvider.System.GetUtcNow()), cancellationToken);
            if (Asking(opened, out var refusal) is not { } asking)
            {
                return await voice.RefuseAsync(refusal);
            }

            var file = NamedFile.ToWrite(parsed.GetRequiredValue(output));
            await WriteAsync(asking, reader, file, cancellationToken);
            var to = asking.Services.ReceiptRequest!.To.Select(address => address.ToString()).ToList();
            return await voice.TellAsync(new { file = file.FullName, to }, $"{file.FullName}: a receipt for {string.Join(", ", to)}");
        }));
        return receipt;
    }

    private static SignerSummary? Asking(OpenedMessage opened, out string refusal)
    {
        var asking = opened.Summary.Signers.FirstOrDefault(signer => signer is { Services.ReceiptRequest: not null, OriginatorSignature: not null });
        refusal = opened switch
        {
            { Payload: null } => $"The message does not open: {Kebab.Of(opened.Failure!.Kind)}. `portal smime open` says more.",
            { Receipt: not null } => "It is a receipt itself, and no receipt is given for one.",
            { Summary.Verdict: Verdict.SignedInvalid } => "Its signature is broken or cannot be checked, so that there is nothing to confirm.",
            _ => "It does not ask for a receipt.",
        };
        return opened is { Payload: not null, Receipt: null, Summary.Verdict: not Verdict.SignedInvalid } ? asking : null;
    }

    private static async Task WriteAsync(SignerSummary asking, Signer reader, FileInfo file, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var from = MailAddresses.Of(reader.Certificate) is [var address, ..] ? $"From: {address}\r\n" : string.Empty;
        var header = $"{from}To: {string.Join(", ", asking.Services.ReceiptRequest!.To)}\r\nSubject: Signed receipt\r\nDate: {DateUtils.FormatDate(now)}\r\n"
            + $"Message-ID: <{MimeUtils.GenerateMessageId("localhost")}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
        await NamedFile.WriteAsync(file, async destination =>
        {
            await destination.WriteAsync(Encoding.UTF8.GetBytes(header), cancellationToken);
            await SignedReceiptEntity.WriteAsync(
                asking.Services.ReceiptRequest, asking.OriginatorSignature!, reader, new SigningProperties(now), destination, cancellationToken);
        });
    }
}
