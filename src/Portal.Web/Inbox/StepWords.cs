using Portal.Application;
using Portal.Application.Inbox;
using Portal.Smime.Mime;

namespace Portal.Web.Inbox;

/// <summary>The steps of opening a message: the same that `portal smime open` names.</summary>
internal static class StepWords
{
    public static string Of(StepView step) => (step.Kind, step.Outcome) switch
    {
        ("Structure", "Passed") => VerdictTexts.StepStructure,
        ("Layer", _) => VerdictTexts.StepLayer.With(step.Layer, VerdictWords.Layer(string.Join(' ', step.Details.Where(detail => detail != OpeningStep.Weak))))
            + (step.Details.Contains(OpeningStep.Weak) ? $" {VerdictTexts.LayerWeak}" : string.Empty),
        ("Key", "Passed") => VerdictTexts.StepKey,
        ("Content", "Passed") => VerdictTexts.StepContent,
        ("Structure" or "Key" or "Content", _) => VerdictWords.Failure(step.Details.Count > 0 ? step.Details[0] : null),
        ("Signature", "Passed") => VerdictTexts.StepSignature,
        ("Certificate", "Passed") => VerdictTexts.StepCertificate,
        ("Address", "Passed") => VerdictTexts.StepAddress,
        ("SigningTime", "Passed") => VerdictTexts.StepSigningTime,
        ("Certificate", _) => Certificate(step),
        ("Signature" or "Address" or "SigningTime", _) => string.Join(' ', step.Details.Select(VerdictWords.Reason)),
        ("Header", "Noted") => VerdictTexts.StepHeaderOpen,
        ("Header", "Passed") => VerdictTexts.StepHeaderProtected,
        ("Header", _) => VerdictTexts.Tampered.With(string.Join(", ", step.Details.Skip(1))),
        ("Verdict", "Passed") => VerdictTexts.StepVerdictPassed,
        ("Verdict", "Failed") => VerdictTexts.StepVerdictFailed,
        _ => VerdictTexts.StepVerdictNoted,
    };

    // Which certificate fails what: the signer's own, or one above it that somebody else has to mend.
    private static string Certificate(StepView step) => string.Join(
        ' ',
        step.Details.Select(detail => detail == "PathInvalid" && step.PathFailure is { } failure && VerdictWords.PathFailures.TryGetValue(failure, out var words) ? words() : VerdictWords.Reason(detail))
            .Concat(step.FailedCertificate is { } name ? [VerdictTexts.StepAbout.With(name)] : []));
}
