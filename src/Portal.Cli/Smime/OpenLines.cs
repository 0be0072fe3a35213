namespace Portal.Cli.Smime;

/// <summary>The report for people.</summary>
internal static class OpenLines
{
    public static IEnumerable<string> Of(OpenReport report)
    {
        yield return report.Opened ? $"Opened. Verdict: {report.Verdict}{(report.Encrypted ? ", encrypted" : string.Empty)}" : $"Not opened: {Words(report.Failure!)}";
        yield return string.Empty;
        foreach (var line in Table.Of(["STEP", "LAYER", "OUTCOME", "DETAILS"], report.Steps.Select(step => (string[])
                     [step.Step, step.Layer == 0 ? "message" : $"{step.Layer}", step.Outcome, string.Join(", ", Details(step))])))
        {
            yield return line;
        }

        foreach (var (number, layer) in report.Layers.Index())
        {
            foreach (var recipient in layer.Recipients)
            {
                yield return $"Layer {number + 1} is for {Whom(recipient)} by {recipient.Kind}{(recipient.Algorithm is null ? string.Empty : $", {recipient.Algorithm.Name}")}";
            }

            if (layer.Weak)
            {
                yield return $"Layer {number + 1} is encrypted so that it can be broken today.";
            }
        }

        foreach (var line in report.Failure?.Kind == "no-matching-key" ? Keys(report.Keys) : [])
        {
            yield return line;
        }

        foreach (var signature in report.Signatures)
        {
            yield return $"Layer {signature.Layer} signed by {signature.Address ?? "nobody named"}: {signature.State}"
                + (signature.Reasons.Count > 0 ? $" ({string.Join(", ", signature.Reasons)})" : string.Empty)
                + $", revocation {signature.Revocation}";
        }

        if (report.HeaderProtection.OtherFromOutside)
        {
            yield return "Outside, From names somebody else than inside, where the sender wrote it.";
        }

        foreach (var certificate in report.Layers.Any(layer => layer.Kind == "certificates-only") ? report.Certificates : [])
        {
            yield return $"Carries certificate {certificate.SerialNumber} of {certificate.Issuer}: {certificate.Subject}"
                + (certificate.Addresses.Count > 0 ? $" for {string.Join(", ", certificate.Addresses)}" : string.Empty)
                + $", until {certificate.NotAfter:u}";
        }

        foreach (var line in Services(report).Concat(Content(report)))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Details(StepReport step)
    {
        if (step.Subject is { } subject)
        {
            yield return subject;
        }

        foreach (var (index, detail) in step.Details.Index())
        {
            yield return step.Step == "header" && index > 0 ? $"changed outside: {detail}" : detail;
        }

        if (step.Path is { } path)
        {
            yield return $"{path.Reason} at {path.Failed ?? "a certificate that cannot be read"}";
        }
    }

    private static IEnumerable<string> Keys(IReadOnlyList<KeyReport> keys) => keys.Count == 0
        ? ["No key was given: --key names a file with one."]
        : keys.Select(key => $"{key.File} has the key of certificate {key.SerialNumber} of {key.Issuer}{(key.KeyIdentifier is { } identifier ? $", key {identifier}" : string.Empty)} ({key.Subject}).");

    private static string Whom(RecipientReport recipient) => recipient switch
    {
        { Kind: "other" } => "somebody who is named in a way that is not known here",
        { Kind: "password" } => "whoever knows a password",
        { Kind: "key-encryption-key" } => "whoever has a certain symmetric key",
        { KeyIdentifier: { } key } => $"the key {key}",
        { SerialNumber: { } serial } => $"certificate {serial} of {recipient.Issuer ?? "an issuer that cannot be read"}",
        _ => "nobody with a certificate",
    };

    private static IEnumerable<string> Services(OpenReport report)
    {
        // What an untrusted signature says is worth no more than it.
        var worth = report.Verdict == "signed-valid" ? string.Empty : $" ({report.Verdict})";
        if (report.Label is { } label)
        {
            yield return $"Label {Words(label)}{worth}";
        }

        foreach (var equivalent in report.EquivalentLabels)
        {
            yield return $"The same {Words(equivalent)}{worth}";
        }

        if (report.ContentHints is { } hints)
        {
            yield return $"Says that inside is {hints.ContentType.Name}{(hints.Description is { } description ? $": {description}" : string.Empty)}{worth}";
        }

        if (report.ContentReference is { } reference)
        {
            yield return $"Refers to the content {reference.ContentIdentifier}{worth}";
        }

        if (report.ReceiptRequest is { } request)
        {
            yield return $"Asks for a receipt ({Words(request)}) to {string.Join(", ", request.To)}{worth}";
        }

        foreach (var expansion in report.ExpansionHistory)
        {
            yield return $"Came through the list {expansion.List} at {expansion.ExpandedAt:u}"
                + (expansion.ReceiptPolicy is { } policy ? $", receipts {policy}" : string.Empty);
        }

        foreach (var attribute in report.Disputed)
        {
            yield return $"Signatures differ in {attribute.Name}, so that it counts as refused.";
        }

        foreach (var attribute in report.Unreadable)
        {
            yield return $"A signature has {attribute.Name} that cannot be read, so that it counts as refused.";
        }

        if (report.Receipt is { } receipt)
        {
            yield return $"Is a receipt for the content {receipt.ContentIdentifier}; `portal smime verify-receipt` says what it proves.";
        }

        if (report.CertificationRequest is { } certificate)
        {
            yield return $"Is a request for a certificate, {certificate.State}{(certificate.Subject is { } subject ? $": {subject}" : string.Empty)}"
                + (certificate.Addresses.Count > 0 ? $" for {string.Join(", ", certificate.Addresses)}" : string.Empty);
        }

        foreach (var errant in report.ErrantLayers)
        {
            yield return $"Inside, at depth {errant.Depth}, there is {errant.MediaType}: no layer of this message, and left alone.";
        }
    }

    private static IEnumerable<string> Content(OpenReport report)
    {
        yield return string.Empty;
        foreach (var header in report.Headers)
        {
            yield return $"[{header.State}] {header.Name}: {header.Value}";
        }

        foreach (var attachment in report.Attachments)
        {
            yield return $"Attachment: {attachment.Name ?? "without a name"}, {attachment.Type}, {attachment.Bytes} bytes";
        }

        if (report.Text is { } text && !string.IsNullOrWhiteSpace(text))
        {
            yield return string.Empty;
            foreach (var line in text.TrimEnd().ReplaceLineEndings("\n").Split('\n'))
            {
                yield return $"| {line}";
            }
        }
    }

    private static string Words(LabelReport label) =>
        $"by policy {label.Policy}, classification {label.Classification?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}"
        + (label.PrivacyMark is { } mark ? $": {mark}" : string.Empty)
        + string.Concat(label.Categories.Select(category => $", {category.Text ?? category.Value} ({category.Type})"));

    private static string Words(ReceiptRequestReport request) => request.From == "listed" ? $"from {string.Join(", ", request.Listed)}" : request.From;

    private static string Words(FailureReport failure) => failure.Detail is null ? failure.Kind : $"{failure.Kind} ({failure.Detail})";
}
