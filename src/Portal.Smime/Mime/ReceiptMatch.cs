namespace Portal.Smime.Mime;

public enum ReceiptForgery
{
    /// <summary>The receipt's own signature does not fit, or cannot be checked.</summary>
    SignatureInvalid,

    /// <summary>It names our content, and a signature or content type that was never ours.</summary>
    OriginatorSignatureMismatch,

    /// <summary>The digest of the attributes that we signed is another (RFC 2634 §2.6).</summary>
    MessageSignatureDigestMismatch,
}

/// <summary>What a signed receipt proves about a message of ours (RFC 2634 §2.6).</summary>
public abstract record ReceiptMatch
{
    private ReceiptMatch()
    {
    }

    /// <summary>Whoever holds this certificate has verified the signature over exactly our content.</summary>
    public sealed record Confirmed(SignerSummary Reader) : ReceiptMatch;

    /// <summary>Right as far as mathematics go, by someone whose certificate we do not accept.</summary>
    public sealed record Untrusted(SignerSummary Reader) : ReceiptMatch;

    public sealed record Forged(ReceiptForgery Reason) : ReceiptMatch;

    /// <summary>It confirms a signature of ours that the original at hand does not fit: that one was changed since, and is not what was confirmed.</summary>
    public sealed record OriginalBroken : ReceiptMatch;

    /// <summary>For a content that is not among the originals.</summary>
    public sealed record Unmatched : ReceiptMatch;

    /// <summary>The message is no signed receipt, or could not be opened.</summary>
    public sealed record NoReceipt : ReceiptMatch;
}
