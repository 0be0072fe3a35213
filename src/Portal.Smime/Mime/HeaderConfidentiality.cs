namespace Portal.Smime.Mime;

/// <summary>What of a header is seen outside of an encrypted message (RFC 9788 §3).</summary>
public static class HeaderConfidentiality
{
    /// <summary>What stands outside in place of a Subject.</summary>
    public const string Obscured = "[...]";

    /// <summary>hcp_baseline (RFC 9788 §3.2.1): Subject is obscured, Keywords and Comments are left out.</summary>
    /// <param name="header">As written inside.</param>
    public static IReadOnlyList<HeaderField> Baseline(IReadOnlyList<HeaderField> header) => header
        .Where(field => !field.Is("Keywords") && !field.Is("Comments"))
        .Select(field => field.Is("Subject") ? field with { Value = $" {Obscured}" } : field)
        .ToList();
}
