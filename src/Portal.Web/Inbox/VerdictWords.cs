using Portal.Application;
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
        (MessageVerdict.None, true) when view.Failure is not null => VerdictTexts.TitleNotOpened,
        (MessageVerdict.None, true) when view.WrittenHere is not null => VerdictTexts.TitleWrittenHere,
        (MessageVerdict.SignedValid, true) when view.RestsHere => VerdictTexts.TitleSignedSealed,
        (MessageVerdict.SignedValid, true) => VerdictTexts.TitleSignedEncrypted,
        (MessageVerdict.SignedValid, false) => VerdictTexts.TitleSigned,
        (_, true) => VerdictTexts.TitleEncrypted,
        (_, false) => VerdictTexts.TitleUnconfirmed,
    };

    public static string Explanation(VerdictView view, string? from) => view.Verdict switch
    {
        MessageVerdict.SignedValid => VerdictTexts.SignedValid.With(Signer(view) ?? from ?? VerdictTexts.TheSender),
        MessageVerdict.SignedUntrusted => VerdictTexts.SignedUntrusted.With(FirstReason(view)),
        MessageVerdict.SignedInvalid => VerdictTexts.SignedInvalid.With(FirstReason(view)),
        MessageVerdict.None when view.Failure is not null => VerdictTexts.NotSayable,
        MessageVerdict.None when view.WrittenHere is { } proof => VerdictTexts.WrittenHere.With(from ?? VerdictTexts.TheSender, Proof(proof)),
        MessageVerdict.None => VerdictTexts.Unsigned,
    };

    /// <param name="name">Of ReaderProof.</param>
    private static string Proof(string name) => Enum.TryParse<ReaderProof>(name, out var proof)
        ? proof switch
        {
            ReaderProof.Code => VerdictTexts.ProofCode,
            ReaderProof.Device => VerdictTexts.ProofDevice,
            ReaderProof.App => VerdictTexts.ProofApp,
            ReaderProof.Passkey => VerdictTexts.ProofPasskey,
        }
        : VerdictTexts.ProofCode;

    public static string Encryption(VerdictView view) => view.RestsHere ? VerdictTexts.RestsHere
        : !view.Encrypted ? VerdictTexts.TravelledOpen
        : HidSubject(view) ? VerdictTexts.TravelledEncryptedWithSubject
        : VerdictTexts.TravelledEncrypted;

    /// <summary>What a valid signature does not speak for.</summary>
    public static string Uncovered(VerdictView view) => view.Verdict != MessageVerdict.SignedValid ? string.Empty
        : view.Header.IsProtected ? VerdictTexts.CoversAll
        : VerdictTexts.Uncovered;

    /// <summary>What somebody on the way had changed; empty when nobody has.</summary>
    public static string Changed(HeaderView header) => header switch
    {
        { HasOtherFromOutside: true } => VerdictTexts.OtherFromOutside,
        { Tampered.Count: > 0 } => VerdictTexts.Tampered.With(string.Join(", ", header.Tampered)),
        _ => string.Empty,
    };

    /// <summary>Of a header field: name of HeaderState.</summary>
    public static string State(string state) => state switch
    {
        "SignedAndEncrypted" => VerdictTexts.StateBoth,
        "SignedOnly" => VerdictTexts.StateSigned,
        "EncryptedOnly" => VerdictTexts.StateEncrypted,
        _ => VerdictTexts.StateUnprotected,
    };

    private static bool HidSubject(VerdictView view) =>
        view.Header.Fields.Any(field => field.Name.Equals("Subject", StringComparison.OrdinalIgnoreCase) && field.State is "SignedAndEncrypted" or "EncryptedOnly");

    public static string Reason(string name) => Reasons.TryGetValue(name, out var words) ? words() : VerdictTexts.ReasonUnknown;

    public static string Failure(string? name) => name is not null && Failures.TryGetValue(name, out var words) ? words() : VerdictTexts.FailureUnknown;

    public static string Waits(WaitReason reason) => reason switch
    {
        WaitReason.KeyStoreAway => VerdictTexts.WaitsForStore,
        WaitReason.KeyDisabled => VerdictTexts.WaitsForEnabling,
        WaitReason.KeyResting => VerdictTexts.WaitsForRest,
        WaitReason.KeyMissing => VerdictTexts.WaitsForKey,
    };

    /// <summary>AuthEnveloped AES-256-GCM and the like.</summary>
    public static string Layer(string layer)
    {
        var (kind, algorithm) = layer.Split(' ', 2) is [var first, var second] ? (first, second) : (layer, "");
        var words = kind switch
        {
            "ClearSigned" => VerdictTexts.LayerClearSigned,
            "OpaqueSigned" => VerdictTexts.LayerOpaqueSigned,
            "AuthEnveloped" => VerdictTexts.LayerAuthEnveloped,
            "Enveloped" => VerdictTexts.LayerEnveloped,
            "CertificatesOnly" => VerdictTexts.LayerCertificatesOnly,
            "SignedReceipt" => VerdictTexts.LayerSignedReceipt,
            "Compressed" => VerdictTexts.LayerCompressed,
            "Data" => VerdictTexts.LayerData,
            _ => VerdictTexts.LayerUnknown,
        };
        return algorithm.Length == 0 ? words : $"{words} ({algorithm})";
    }

    public static IReadOnlyDictionary<string, Func<string>> Reasons { get; } = new Dictionary<string, Func<string>>
    {
        ["SignatureBroken"] = () => VerdictTexts.SignatureBroken,
        ["DigestMismatch"] = () => VerdictTexts.DigestMismatch,
        ["SignedAttributesMalformed"] = () => VerdictTexts.SignedAttributesMalformed,
        ["ContentTypeMismatch"] = () => VerdictTexts.ContentTypeMismatch,
        ["ContentAmbiguous"] = () => VerdictTexts.ContentAmbiguous,
        ["SigningCertificateMismatch"] = () => VerdictTexts.SigningCertificateMismatch,
        ["WeakDigest"] = () => VerdictTexts.WeakDigest,
        ["UnsupportedAlgorithm"] = () => VerdictTexts.UnsupportedAlgorithm,
        ["TooComplex"] = () => VerdictTexts.TooComplex,
        ["CertificateMissing"] = () => VerdictTexts.CertificateMissing,
        ["WeakKey"] = () => VerdictTexts.WeakKey,
        ["UnknownAuthority"] = () => VerdictTexts.UnknownAuthority,
        ["PathInvalid"] = () => VerdictTexts.PathInvalid,
        ["Expired"] = () => VerdictTexts.Expired,
        ["NotYetValid"] = () => VerdictTexts.NotYetValid,
        ["Revoked"] = () => VerdictTexts.Revoked,
        ["RevocationUnknown"] = () => VerdictTexts.RevocationUnknown,
        ["AddressMismatch"] = () => VerdictTexts.AddressMismatch,
        ["WrongExtendedKeyUsage"] = () => VerdictTexts.WrongExtendedKeyUsage,
        ["UnrestrictedCertificate"] = () => VerdictTexts.UnrestrictedCertificate,
        ["WrongKeyUsage"] = () => VerdictTexts.WrongKeyUsage,
        ["AuthorityCertificate"] = () => VerdictTexts.AuthorityCertificate,
        ["SigningTimeMissing"] = () => VerdictTexts.SigningTimeMissing,
        ["SigningTimeImplausible"] = () => VerdictTexts.SigningTimeImplausible,
        ["SigningTimeOutsideValidity"] = () => VerdictTexts.SigningTimeOutsideValidity,
        ["NoSigner"] = () => VerdictTexts.NoSigner,
        ["ContentInDetachedSignature"] = () => VerdictTexts.ContentInDetachedSignature,
        ["SignatureUnreadable"] = () => VerdictTexts.SignatureUnreadable,
        ["OuterSignatureBroken"] = () => VerdictTexts.OuterSignatureBroken,
        ["SignsCiphertextOnly"] = () => VerdictTexts.SignsCiphertextOnly,
        ["ContentNotOpened"] = () => VerdictTexts.ContentNotOpened,
        ["FromNotSingle"] = () => VerdictTexts.FromNotSingle,
        ["DateNotSingle"] = () => VerdictTexts.DateNotSingle,
        ["HeaderMalformed"] = () => VerdictTexts.HeaderMalformed,
    };

    /// <summary>What the one reason PathInvalid stands for.</summary>
    public static IReadOnlyDictionary<string, Func<string>> PathFailures { get; } = new Dictionary<string, Func<string>>
    {
        ["SignatureBroken"] = () => VerdictTexts.PathSignatureBroken,
        ["Malformed"] = () => VerdictTexts.PathMalformed,
        ["CriticalExtension"] = () => VerdictTexts.PathCriticalExtension,
        ["NotAnAuthority"] = () => VerdictTexts.PathNotAnAuthority,
        ["PathLength"] = () => VerdictTexts.PathPathLength,
        ["NameConstraints"] = () => VerdictTexts.PathNameConstraints,
        ["Policy"] = () => VerdictTexts.PathPolicy,
        ["TooComplex"] = () => VerdictTexts.PathTooComplex,
    };

    public static IReadOnlyDictionary<string, Func<string>> Failures { get; } = new Dictionary<string, Func<string>>
    {
        ["NoMatchingKey"] = () => VerdictTexts.NoMatchingKey,
        ["KeyUnavailable"] = () => VerdictTexts.KeyUnavailable,
        ["KeyRefused"] = () => VerdictTexts.KeyRefused,
        ["DecryptionFailed"] = () => VerdictTexts.DecryptionFailed,
        ["UnsupportedAlgorithm"] = () => VerdictTexts.MethodUnknown,
        ["Malformed"] = () => VerdictTexts.Malformed,
        ["TooLarge"] = () => VerdictTexts.TooLarge,
        ["ContentMissing"] = () => VerdictTexts.ContentMissing,
        ["TooDeep"] = () => VerdictTexts.TooDeep,
    };

    /// <summary>By address: names in certificates are whatever their owners wished.</summary>
    private static string? Signer(VerdictView view) => view.Signers is [var signer, ..] ? signer.Address : null;

    private static string? FirstReason(VerdictView view) =>
        view.Reasons.Concat(view.Signers.SelectMany(signer => signer.Reasons)).Select(Reason).FirstOrDefault();
}
