using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Application.Mailboxes;
using Portal.Smime;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <summary>The engine's judgement in the words of views.</summary>
internal static class Judgement
{
    private static readonly string[] ShownFields = ["Subject", "From", "To", "Cc", "Date"];

    public static VerdictView Of(OpenedMessage opened) => new(
        Verdict(opened.Summary.Verdict),
        opened.Summary.Encrypted,
        opened.Summary.Reasons.Select(reason => reason.ToString()).ToList(),
        opened.Summary.Signers.Select(Signer).ToList(),
        opened.Layers.Select(Layer).ToList(),
        opened.Failure?.Kind.ToString(),
        Header(opened.Header),
        OpeningSteps.Of(opened).Select(Step).ToList());

    /// <summary>A message that we failed at, three times over.</summary>
    public static VerdictView OfBroken() => new(MessageVerdict.None, false, [], [], [], nameof(OpeningFailureKind.Malformed), HeaderView.None, []);

    // What is inside counts, and From even where it is not.
    private static HeaderView Header(MessageHeader header)
    {
        var fields = ShownFields.Select(name => header.Fields.FirstOrDefault(one => one.Field.Is(name))).OfType<ProtectedField>();
        return new HeaderView(
            header.Form != HeaderProtectionForm.None,
            fields.Select(one => new FieldView(one.Field.Name, one.State.ToString())).ToList(),
            header.Tampered,
            header.HasOtherFromOutside);
    }

    private static StepView Step(OpeningStep step) =>
        new(step.Kind.ToString(), step.Outcome.ToString(), step.Layer, step.Details.Select(AlgorithmNames.Of).ToList(), step.Subject)
        {
            PathFailure = step.PathFailure?.ToString(),
            FailedCertificate = Name(step.FailedCertificate, forIssuer: false),
        };

    private static MessageVerdict Verdict(Verdict verdict) => verdict switch
    {
        Smime.Mime.Verdict.None => MessageVerdict.None,
        Smime.Mime.Verdict.SignedValid => MessageVerdict.SignedValid,
        Smime.Mime.Verdict.SignedUntrusted => MessageVerdict.SignedUntrusted,
        Smime.Mime.Verdict.SignedInvalid => MessageVerdict.SignedInvalid,
    };

    private static SignerView Signer(SignerSummary signer) => new(
        signer.Address?.ToString(),
        Name(signer.Certificate, forIssuer: false),
        Name(signer.Certificate, forIssuer: true),
        signer.SigningTime,
        signer.Certificate is null ? null : new DateTimeOffset(signer.Certificate.NotBefore).ToUniversalTime(),
        signer.Certificate is null ? null : new DateTimeOffset(signer.Certificate.NotAfter).ToUniversalTime(),
        signer.Certificate?.SerialNumber,
        signer.Certificate?.GetCertHashString(HashAlgorithmName.SHA256),
        signer.Reasons.Select(reason => reason.ToString()).ToList());

    private static string? Name(X509Certificate2? certificate, bool forIssuer) =>
        certificate is null ? null : PlainText.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer));

    private static string Layer(CryptographicLayer layer) => layer.Algorithm is null ? layer.Kind.ToString() : $"{layer.Kind} {AlgorithmNames.Of(layer.Algorithm)}";
}
