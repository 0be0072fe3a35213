using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>What `portal smime open --json` says. The names are documented in docs/smime-command.md and stay.</summary>
/// <param name="Opened">There is content to show.</param>
/// <param name="Verdict">none, signed-valid, signed-untrusted or signed-invalid.</param>
/// <param name="Encrypted">A layer is encrypted, opened or not.</param>
/// <param name="Reasons">What stands against the message as a whole.</param>
/// <param name="From">The address that signers were held against; null when there is not exactly one.</param>
/// <param name="Revocation">not-published or required, for all anchors.</param>
/// <param name="Failure">Why it does not open; null when it does.</param>
/// <param name="Keys">That were given.</param>
/// <param name="Steps">On the way to the verdict.</param>
/// <param name="Layers">From the outside in.</param>
/// <param name="Signatures">Of all layers, from the outside in.</param>
/// <param name="HeaderProtection">How the header was carried.</param>
/// <param name="Headers">Each with its state.</param>
/// <param name="Label">As far as the signers of the innermost signed layer agree; so the following five.</param>
/// <param name="EquivalentLabels">Beside it, by other policies.</param>
/// <param name="ContentHints">What is inside.</param>
/// <param name="ContentReference">To another content.</param>
/// <param name="ReceiptRequest">Whether this reader is asked is for `portal smime receipt` to say.</param>
/// <param name="ExpansionHistory">Lists that the message came through, by the outermost signatures that have any.</param>
/// <param name="Disputed">In which of these signatures differ.</param>
/// <param name="Unreadable">Which of these are there and cannot be read.</param>
/// <param name="Receipt">The message is a signed receipt.</param>
/// <param name="CertificationRequest">The message is a request for a certificate.</param>
/// <param name="ErrantLayers">Cryptographic parts that are no layer, and were left alone.</param>
/// <param name="Certificates">That signed layers carried.</param>
/// <param name="Attachments">Names as written.</param>
/// <param name="Text">The plain one before HTML, the first MB; null without one.</param>
internal sealed record OpenReport(
    bool Opened,
    string Verdict,
    bool Encrypted,
    IReadOnlyList<string> Reasons,
    string? From,
    string Revocation,
    FailureReport? Failure,
    IReadOnlyList<KeyReport> Keys,
    IReadOnlyList<StepReport> Steps,
    IReadOnlyList<LayerReport> Layers,
    IReadOnlyList<SignatureReport> Signatures,
    HeaderProtectionReport HeaderProtection,
    IReadOnlyList<HeaderReport> Headers,
    LabelReport? Label,
    IReadOnlyList<LabelReport> EquivalentLabels,
    HintsReport? ContentHints,
    ReferenceReport? ContentReference,
    ReceiptRequestReport? ReceiptRequest,
    IReadOnlyList<ExpansionReport> ExpansionHistory,
    IReadOnlyList<AlgorithmReport> Disputed,
    IReadOnlyList<AlgorithmReport> Unreadable,
    ReceiptReport? Receipt,
    RequestReport? CertificationRequest,
    IReadOnlyList<ErrantReport> ErrantLayers,
    IReadOnlyList<CertificateReport> Certificates,
    IReadOnlyList<AttachmentReport> Attachments,
    string? Text)
{
    public static async Task<OpenReport> OfAsync(OpenedMessage opened, KeyFiles keys, bool revocationRequired, CancellationToken cancellationToken)
    {
        var signatures = opened.Layers.SelectMany((layer, index) => layer.Signers.Select(signer => SignatureReport.Of(signer, index + 1, revocationRequired))).ToList();
        var (services, disputed) = opened.Summary.Services;
        var (text, attachments) = opened.Payload is { } payload && opened.Receipt is null
            ? await ContentReport.ReadAsync(payload, opened.Header, cancellationToken)
            : (null, []);
        return new OpenReport(
            opened.Payload is not null,
            Kebab.Of(opened.Summary.Verdict),
            opened.Summary.Encrypted,
            opened.Summary.Reasons.Select(Kebab.Of).ToList(),
            opened.Summary.From?.ToString(),
            revocationRequired ? "required" : "not-published",
            opened.Failure is { } failure ? FailureReport.Of(failure) : null,
            keys.All.Select(key => KeyReport.Of(key, opened.Layers.SelectMany(layer => layer.Recipients))).ToList(),
            OpeningSteps.Of(opened).Select(StepReport.Of).ToList(),
            opened.Layers.Select(LayerReport.Of).ToList(),
            signatures,
            new HeaderProtectionReport(Kebab.Of(opened.Header.Form), opened.Header.Tampered, opened.Header.HasOtherFromOutside),
            opened.Header.Fields.Select(HeaderReport.Of).ToList(),
            services.SecurityLabel is { } label ? LabelReport.Of(label) : null,
            services.EquivalentLabels.Select(LabelReport.Of).ToList(),
            services.ContentHints is { } hints ? HintsReport.Of(hints) : null,
            services.ContentReference is { } reference ? ReferenceReport.Of(reference) : null,
            services.ReceiptRequest is { } request ? ReceiptRequestReport.Of(request) : null,
            services.ExpansionHistory?.Expansions.Select(ExpansionReport.Of).ToList() ?? [],
            disputed.Select(AlgorithmReport.Named).ToList(),
            services.Unreadable.Select(AlgorithmReport.Named).ToList(),
            opened.Receipt is { } receipt ? ReceiptReport.Of(receipt) : null,
            opened.CertificationRequest is { } reading ? RequestReport.Of(reading) : null,
            opened.ErrantLayers.Select(layer => new ErrantReport(layer.MediaType, layer.Depth)).ToList(),
            opened.Certificates.Select(CertificateReport.Of).ToList(),
            attachments,
            text);
    }
}

internal sealed record FailureReport(string Kind, string? Detail)
{
    public static FailureReport Of(OpeningFailure failure) => new(Kebab.Of(failure.Kind), failure.Detail is { } detail ? Portal.Smime.AlgorithmNames.Of(detail) : null);
}

/// <param name="Step">Its name.</param>
/// <param name="Outcome">passed, failed or noted.</param>
/// <param name="Layer">From 1, the outermost; 0 for the message.</param>
/// <param name="Details">Reasons, kinds and algorithms.</param>
/// <param name="Subject">An address.</param>
/// <param name="Path">Of a certificate for which no path holds.</param>
internal sealed record StepReport(string Step, string Outcome, int Layer, IReadOnlyList<string> Details, string? Subject, PathProblemReport? Path)
{
    public static StepReport Of(OpeningStep step) => new(
        Kebab.Of(step.Kind), Kebab.Of(step.Outcome), step.Layer, step.Details.Select(Detail).ToList(), step.Subject, PathProblemReport.Of(step));

    private static string Detail(string detail) => char.IsAsciiDigit(detail[0]) ? Portal.Smime.AlgorithmNames.Of(detail) : Kebab.Of(detail);
}

internal sealed record HeaderProtectionReport(string Form, IReadOnlyList<string> Tampered, bool OtherFromOutside);

/// <param name="State">signed, encrypted, both or unprotected.</param>
internal sealed record HeaderReport(string Name, string Value, string State)
{
    public static HeaderReport Of(ProtectedField one) => new(one.Field.Name, one.Field.Text, one.State switch
    {
        HeaderState.SignedOnly => "signed",
        HeaderState.EncryptedOnly => "encrypted",
        HeaderState.SignedAndEncrypted => "both",
        HeaderState.Unprotected => "unprotected",
    });
}

/// <param name="State">proven (whoever sent it has the key), not-proven, weak or malformed.</param>
/// <param name="Subject">That is asked for; null unless proven.</param>
/// <param name="Addresses">That are asked for.</param>
internal sealed record RequestReport(string State, string? Subject, IReadOnlyList<string> Addresses)
{
    public static RequestReport Of(CertificationRequestReading reading)
    {
        var request = (reading as CertificationRequestReading.Proven)?.Request;
        return new RequestReport(Kebab.Of(reading.GetType().Name), request?.Subject.Name, request?.Addresses.Select(address => address.ToString()).ToList() ?? []);
    }
}

internal sealed record ErrantReport(string MediaType, int Depth);
