using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>Tells how a message came to its verdict, or why it did not open.</summary>
public static class OpeningSteps
{
    public static IReadOnlyList<OpeningStep> Of(OpenedMessage opened)
    {
        var steps = new List<OpeningStep>();
        var isTooMuch = opened is { Layers.Count: 0, Failure: not null };
        steps.Add(isTooMuch ? Failed(OpeningStepKind.Structure, 0, opened.Failure!) : Passed(OpeningStepKind.Structure, 0));
        for (var index = 0; index < opened.Layers.Count; index++)
        {
            steps.AddRange(Of(opened.Layers[index], index + 1));
        }

        // What was inside the last layer, and went beyond a limit there.
        if (!isTooMuch && opened.Failure is { } failure && opened.Layers[^1].Failure is null)
        {
            steps.Add(Failed(OpeningStepKind.Structure, opened.Layers.Count, failure));
        }

        steps.Add(new OpeningStep(OpeningStepKind.Header, HeaderOutcome(opened.Header), 0, [$"{opened.Header.Form}", .. opened.Header.Tampered]));
        steps.Add(new OpeningStep(
            OpeningStepKind.Verdict,
            opened.Summary.Verdict switch { Verdict.SignedValid => StepOutcome.Passed, Verdict.None => StepOutcome.Noted, _ => StepOutcome.Failed },
            0,
            [$"{opened.Summary.Verdict}", .. opened.Summary.Reasons.Select(reason => $"{reason}")],
            opened.Summary.From?.ToString()));
        return steps;
    }

    private static IEnumerable<OpeningStep> Of(CryptographicLayer layer, int number)
    {
        string[] algorithm = layer.Algorithm is { } identifier ? [identifier] : [];
        string[] weak = layer.IsWeak ? [OpeningStep.Weak] : [];
        yield return new OpeningStep(OpeningStepKind.Layer, StepOutcome.Noted, number, [$"{layer.Kind}", .. algorithm, .. weak]);
        foreach (var step in layer.Kind is LayerKind.Enveloped or LayerKind.AuthEnveloped ? OfEncrypted(layer, number) : OfFailure(layer, number))
        {
            yield return step;
        }

        if (layer is { Kind: LayerKind.ClearSigned or LayerKind.OpaqueSigned or LayerKind.SignedReceipt, Failure: null, Signers.Count: 0 })
        {
            yield return new OpeningStep(OpeningStepKind.Signature, StepOutcome.Failed, number, [$"{MessageReason.NoSigner}"]);
        }

        foreach (var step in layer.Signers.SelectMany(signer => Of(signer, number)))
        {
            yield return step;
        }
    }

    private static IEnumerable<OpeningStep> OfEncrypted(CryptographicLayer layer, int number)
    {
        switch (layer.Failure?.Kind)
        {
            case null:
                yield return Passed(OpeningStepKind.Key, number);
                yield return Passed(OpeningStepKind.Content, number);
                break;
            // Of the content; a recipient's method fails at the key.
            case OpeningFailureKind.UnsupportedAlgorithm when !layer.Recipients.Any(recipient => recipient.Algorithm == layer.Failure.Detail):
                yield return Failed(OpeningStepKind.Content, number, layer.Failure);
                break;
            case OpeningFailureKind.NoMatchingKey or OpeningFailureKind.KeyUnavailable or OpeningFailureKind.KeyRefused or OpeningFailureKind.UnsupportedAlgorithm:
                yield return Failed(OpeningStepKind.Key, number, layer.Failure);
                break;
            case OpeningFailureKind.DecryptionFailed:
                yield return Passed(OpeningStepKind.Key, number);
                yield return Failed(OpeningStepKind.Content, number, layer.Failure);
                break;
            case OpeningFailureKind.Malformed or OpeningFailureKind.ContentMissing or OpeningFailureKind.TooLarge or OpeningFailureKind.TooDeep:
                yield return Failed(OpeningStepKind.Content, number, layer.Failure);
                break;
        }
    }

    private static IEnumerable<OpeningStep> OfFailure(CryptographicLayer layer, int number) =>
        layer.Failure is { } failure ? [Failed(OpeningStepKind.Content, number, failure)] : [];

    private static IEnumerable<OpeningStep> Of(SignerSummary signer, int number)
    {
        var subject = signer.Address?.ToString();
        var broken = signer.Reasons.Where(SignerJudgement.IsInvalid).ToList();
        yield return Of(OpeningStepKind.Signature, number, subject, broken);
        if (broken.Count > 0)
        {
            yield break;
        }

        yield return Of(OpeningStepKind.Certificate, number, subject, signer.Reasons.Where(reason => Kind(reason) == OpeningStepKind.Certificate)) with
        {
            PathFailure = (signer.Path as PathValidation.Invalid)?.Failure,
            FailedCertificate = signer.Path switch
            {
                PathValidation.Invalid invalid => invalid.Certificate,
                PathValidation.Revoked revoked => revoked.Certificate,
                _ => null,
            },
        };
        yield return Of(OpeningStepKind.Address, number, subject, signer.Reasons.Where(reason => Kind(reason) == OpeningStepKind.Address));
        yield return Of(OpeningStepKind.SigningTime, number, subject, signer.Reasons.Where(reason => Kind(reason) == OpeningStepKind.SigningTime));
    }

    private static OpeningStepKind Kind(SignerReason reason) => reason switch
    {
        SignerReason.AddressMismatch => OpeningStepKind.Address,
        SignerReason.SigningTimeMissing or SignerReason.SigningTimeImplausible or SignerReason.SigningTimeOutsideValidity => OpeningStepKind.SigningTime,
        _ => OpeningStepKind.Certificate,
    };

    private static OpeningStep Of(OpeningStepKind kind, int layer, string? subject, IEnumerable<SignerReason> reasons)
    {
        var details = reasons.Select(reason => $"{reason}").ToList();
        return new OpeningStep(kind, details.Count == 0 ? StepOutcome.Passed : StepOutcome.Failed, layer, details, subject);
    }

    private static StepOutcome HeaderOutcome(MessageHeader header) => header switch
    {
        { Tampered.Count: > 0 } => StepOutcome.Failed,
        { Form: HeaderProtectionForm.None } => StepOutcome.Noted,
        _ => StepOutcome.Passed,
    };

    private static OpeningStep Passed(OpeningStepKind kind, int layer) => new(kind, StepOutcome.Passed, layer, []);

    private static OpeningStep Failed(OpeningStepKind kind, int layer, OpeningFailure failure) =>
        new(kind, StepOutcome.Failed, layer, failure.Detail is { } detail ? [$"{failure.Kind}", detail] : [$"{failure.Kind}"]);
}
