using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Web.Inbox;

/// <summary>What was found out about a message, in words for people who never heard of certificates. Neutral: a missing or broken signature is no alarm.</summary>
internal static class VerdictWords
{
    public static string Attribute(MessageVerdict verdict) => verdict switch
    {
        MessageVerdict.None => "none",
        MessageVerdict.SignedValid => "signed-valid",
        MessageVerdict.SignedUntrusted => "signed-untrusted",
        MessageVerdict.SignedInvalid => "signed-invalid",
    };

    public static string Title(VerdictView view) => (view.Verdict, view.Encrypted) switch
    {
        (MessageVerdict.None, true) when view.Failure is not null => "Encrypted, not opened",
        (MessageVerdict.SignedValid, true) => "Signed and encrypted",
        (MessageVerdict.SignedValid, false) => "Signed",
        (_, true) => "Encrypted, sender not confirmed",
        (_, false) => "Sender not confirmed",
    };

    public static string Explanation(VerdictView view, string? from) => view.Verdict switch
    {
        MessageVerdict.SignedValid => $"{Signer(view) ?? from ?? "The sender"} signed the content of this message, and it was not changed.",
        MessageVerdict.SignedUntrusted => $"It carries a signature that we do not accept, so treat it like unsigned mail. {FirstReason(view)}",
        MessageVerdict.SignedInvalid => $"It carries a signature that proves nothing, so treat it like unsigned mail. {FirstReason(view)}",
        MessageVerdict.None when view.Failure is not null => "Whether it is signed cannot be said, because it could not be opened.",
        MessageVerdict.None => "It carries no signature: anybody could have written it under this name.",
    };

    public static string Encryption(bool encrypted) => encrypted
        ? "Its content travelled encrypted. Subject, date and addresses did not: whoever carried it could read those."
        : "It was not encrypted on its way.";

    /// <summary>What a valid signature does not speak for.</summary>
    public static string Uncovered(MessageVerdict verdict) => verdict == MessageVerdict.SignedValid
        ? "The signature covers text and attachments, and names the sender. It does not cover subject and recipients."
        : string.Empty;

    public static string Reason(string name) => Reasons.TryGetValue(name, out var words) ? words : "Something about this signature could not be checked.";

    public static string Failure(string? name) => name is not null && Failures.TryGetValue(name, out var words) ? words : "The message could not be opened.";

    /// <summary>AuthEnveloped AES-256-GCM and the like.</summary>
    public static string Layer(string layer)
    {
        var (kind, algorithm) = layer.Split(' ', 2) is [var first, var second] ? (first, second) : (layer, "");
        var words = kind switch
        {
            "ClearSigned" => "Signed, readable without S/MIME",
            "OpaqueSigned" => "Signed",
            "AuthEnveloped" => "Encrypted, changes are noticed",
            "Enveloped" => "Encrypted",
            "CertificatesOnly" => "Certificates",
            _ => "Unknown layer",
        };
        return algorithm.Length == 0 ? words : $"{words} ({algorithm})";
    }

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["SignatureBroken"] = "The signature was not made with the certificate's key.",
        ["DigestMismatch"] = "The content was changed after it was signed.",
        ["SignedAttributesMalformed"] = "The signature is not put together as it has to be.",
        ["ContentTypeMismatch"] = "The signature is about another kind of content.",
        ["ContentAmbiguous"] = "The signature could mean two different things.",
        ["SigningCertificateMismatch"] = "The signature names another certificate than the one that came with it.",
        ["WeakDigest"] = "The signature uses a method that can be forged today.",
        ["UnsupportedAlgorithm"] = "The signature uses a method that we do not know.",
        ["CertificateMissing"] = "The signer's certificate is missing.",
        ["WeakKey"] = "The signer's key is too weak.",
        ["UnknownAuthority"] = "The certificate comes from an authority that your organisation does not trust.",
        ["PathInvalid"] = "The certificate's issuers may not vouch for it.",
        ["Expired"] = "The certificate had expired when the message arrived.",
        ["NotYetValid"] = "The certificate was not valid yet when the message arrived.",
        ["Revoked"] = "The certificate was revoked.",
        ["RevocationUnknown"] = "It could not be checked whether the certificate was revoked.",
        ["AddressMismatch"] = "The certificate belongs to another address than the sender's.",
        ["WrongExtendedKeyUsage"] = "The certificate is not meant for mail.",
        ["UnrestrictedCertificate"] = "The certificate does not say what it is meant for.",
        ["WrongKeyUsage"] = "The certificate is not meant for signing.",
        ["AuthorityCertificate"] = "The certificate belongs to an authority, not to a person.",
        ["SigningTimeMissing"] = "It does not say when it was signed, so whether the certificate was valid then cannot be told.",
        ["SigningTimeImplausible"] = "The time of signing does not fit the time of sending.",
        ["SigningTimeOutsideValidity"] = "It claims a time of signing at which the certificate was not valid.",
        ["NoSigner"] = "It looks signed, but nobody signed it.",
        ["ContentInDetachedSignature"] = "The signature carries content of its own.",
        ["SignatureUnreadable"] = "The signature cannot be read.",
        ["OuterSignatureBroken"] = "An outer signature is broken.",
        ["SignsCiphertextOnly"] = "The signature covers only the encrypted form; its maker need not have known the content.",
        ["ContentNotOpened"] = "What the signature covers could not be opened to the end.",
        ["FromNotSingle"] = "The message does not name exactly one sender.",
        ["DateNotSingle"] = "The message does not say exactly once when it was sent.",
        ["HeaderMalformed"] = "The message's header is damaged.",
    };

    public static IReadOnlyDictionary<string, string> Failures { get; } = new Dictionary<string, string>
    {
        ["NoMatchingKey"] = "It is encrypted for somebody else, or for a key that you do not have any more.",
        ["KeyUnavailable"] = "The key store does not answer at the moment.",
        ["KeyRefused"] = "The key store does not allow to use your key for it.",
        ["DecryptionFailed"] = "It is encrypted for you, but cannot be decrypted. Ask the sender to send it again.",
        ["UnsupportedAlgorithm"] = "It is encrypted by a method that we do not know.",
        ["Malformed"] = "It is damaged and cannot be read. The original is kept, and can be downloaded.",
        ["TooLarge"] = "It is too large to be opened here. The original is kept, and can be downloaded.",
        ["TooDeep"] = "It is wrapped into too many layers.",
    };

    /// <summary>By address: names in certificates are whatever their owners wished.</summary>
    private static string? Signer(VerdictView view) => view.Signers is [var signer, ..] ? signer.Address : null;

    private static string? FirstReason(VerdictView view) =>
        view.Reasons.Concat(view.Signers.SelectMany(signer => signer.Reasons)).Select(Reason).FirstOrDefault();
}
