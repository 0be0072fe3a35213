using System.Security.Cryptography;
using Portal.Smime.Ess;

namespace Portal.Smime.Mime;

/// <summary>Verifies a signed receipt against the message that asked for it (RFC 2634 §2.6).</summary>
public static class ReceiptVerification
{
    /// <param name="receipt">Opened and judged.</param>
    /// <param name="originals">Signers of the messages that may be meant, as they were sent, opened and judged.</param>
    public static ReceiptMatch Verify(OpenedMessage receipt, IEnumerable<SignerSummary> originals)
    {
        if (receipt.Receipt is not { } content || receipt.Summary.Signers is not [var reader, ..])
        {
            return new ReceiptMatch.NoReceipt();
        }

        if (receipt.Summary.Verdict == Verdict.SignedInvalid)
        {
            return new ReceiptMatch.Forged(ReceiptForgery.SignatureInvalid);
        }

        var named = originals.Where(original => Identifier(original.Services)?.Equals(content.ContentIdentifier) == true).ToList();
        if (named.Count == 0)
        {
            return new ReceiptMatch.Unmatched();
        }

        var confirmed = named.Where(original => original.OriginatorSignature is { } one && Confirms(content, one)).ToList();
        if (confirmed.Count == 0)
        {
            return new ReceiptMatch.Forged(ReceiptForgery.OriginatorSignatureMismatch);
        }

        if (confirmed.Find(original => original.State != SignerState.Invalid) is not { OriginatorSignature: { } signature })
        {
            return new ReceiptMatch.OriginalBroken();
        }

        if (!receipt.Summary.Signers.All(signer => signer.MessageSignatureDigest is { } digest
            && CryptographicOperations.FixedTimeEquals(digest.Span, signature.MessageSignatureDigest.Span)))
        {
            return new ReceiptMatch.Forged(ReceiptForgery.MessageSignatureDigestMismatch);
        }

        return receipt.Summary.Signers.All(signer => IsAccepted(signer, receipt.Summary))
            ? new ReceiptMatch.Confirmed(reader)
            : new ReceiptMatch.Untrusted(reader);
    }

    private static ContentIdentifier? Identifier(EnhancedServices services) =>
        services.ReceiptRequest?.ContentIdentifier ?? services.ContentIdentifier;

    private static bool Confirms(Receipt content, OriginatorSignature original) =>
        content.ContentType == original.ContentType && content.OriginatorSignature.Span.SequenceEqual(original.Value.Span);

    // A receipt says who it is by its certificate; a From beside it must not contradict, and need not be there.
    private static bool IsAccepted(SignerSummary signer, CryptographicSummary summary) =>
        signer.Reasons.All(reason => reason == SignerReason.AddressMismatch && summary.From is null);
}
