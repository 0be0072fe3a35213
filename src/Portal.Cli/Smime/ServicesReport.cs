using Portal.Smime.Ess;

namespace Portal.Cli.Smime;

internal sealed record CategoryReport(string Type, string? Text, string Value)
{
    public static CategoryReport Of(SecurityCategory category) => new(category.Type, category.Text(), Convert.ToHexString(category.Value.Span));
}

internal sealed record LabelReport(string Policy, int? Classification, string? PrivacyMark, IReadOnlyList<CategoryReport> Categories)
{
    public static LabelReport Of(SecurityLabel label) =>
        new(label.Policy, label.Classification, label.PrivacyMark, label.Categories.Select(CategoryReport.Of).ToList());
}

/// <param name="ContentType">Of what lies inside.</param>
/// <param name="Description">In words, where there are any.</param>
internal sealed record HintsReport(AlgorithmReport ContentType, string? Description)
{
    public static HintsReport Of(ContentHints hints) => new(AlgorithmReport.Of(hints.ContentType)!, hints.Description);
}

/// <param name="ContentIdentifier">Hexadecimal: of the content that is referred to.</param>
internal sealed record ReferenceReport(string ContentIdentifier)
{
    public static ReferenceReport Of(ContentReference reference) => new(reference.ContentIdentifier.ToString());
}

/// <param name="ContentIdentifier">Hexadecimal.</param>
/// <param name="From">all, first-tier or listed.</param>
/// <param name="Listed">When listed.</param>
/// <param name="To">Where receipts go.</param>
internal sealed record ReceiptRequestReport(string ContentIdentifier, string From, IReadOnlyList<string> Listed, IReadOnlyList<string> To)
{
    public static ReceiptRequestReport Of(ReceiptRequest request) => new(
        request.ContentIdentifier.ToString(),
        Kebab.Of(request.From.GetType().Name),
        request.From is ReceiptsFrom.Listed { Addresses: var addresses } ? addresses.Select(address => address.ToString()).ToList() : [],
        request.To.Select(address => address.ToString()).ToList());
}

/// <param name="List">As recipients are named.</param>
/// <param name="ExpandedAt">By the list's clock.</param>
/// <param name="ReceiptPolicy">none, instead-of, in-addition-to, or null.</param>
internal sealed record ExpansionReport(string List, DateTimeOffset ExpandedAt, string? ReceiptPolicy)
{
    public static ExpansionReport Of(MailListExpansion expansion) =>
        new(expansion.List.LookupKey, expansion.ExpandedAt, expansion.Policy is { } policy ? Kebab.Of(policy.GetType().Name) : null);
}

internal sealed record ReceiptReport(string ContentType, string ContentIdentifier)
{
    public static ReceiptReport Of(Receipt receipt) => new(receipt.ContentType, receipt.ContentIdentifier.ToString());
}
