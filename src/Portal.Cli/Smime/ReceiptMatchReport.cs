using System.Security.Cryptography.X509Certificates;
using MimeKit;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <param name="Result">confirmed, untrusted, forged, original-broken, unmatched or no-receipt.</param>
/// <param name="Reason">Of a forged or untrusted one.</param>
/// <param name="Words">The same for people.</param>
/// <param name="Signature">The reader's.</param>
/// <param name="Addressed">The original names the reader in To or Cc; null without a receipt for it.</param>
/// <param name="ContentIdentifier">Which content it names.</param>
internal sealed record ReceiptMatchReport(string Result, string? Reason, string Words, SignatureReport? Signature, bool? Addressed, string? ContentIdentifier)
{
    public static ReceiptMatchReport Of(ReceiptMatch match, OpenedMessage receipt, OpenedMessage original, bool revocationRequired)
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
        var addressed = match is ReceiptMatch.Confirmed or ReceiptMatch.Untrusted ? IsAddressed(receipt, original) : default(bool?);
        return new ReceiptMatchReport(
            result,
            reason,
            addressed == false ? $"{words} The original does not name this reader in To or Cc: a list may have passed it on, or somebody else." : words,
            signature,
            addressed,
            receipt.Receipt?.ContentIdentifier.ToString());
    }

    private static bool IsAddressed(OpenedMessage receipt, OpenedMessage original)
    {
        var readers = receipt.Summary.Signers.Select(signer => signer.Certificate).OfType<X509Certificate2>().SelectMany(MailAddresses.Of).ToHashSet();
        return original.Header.Fields.Where(one => one.Field.Is("To") || one.Field.Is("Cc"))
            .SelectMany(one => InternetAddressList.TryParse(one.Field.Value, out var list) ? list.Mailboxes : [])
            .Any(mailbox => AddrSpec.TryParse(mailbox.Address, out var address) && readers.Contains(address));
    }
}
