namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §5.1, parsed and not verified.</summary>
/// <param name="ContentType">eContentType.</param>
/// <param name="HasContent">eContent is present.</param>
/// <param name="Digests">Complete for content that was present; to be fed by whoever holds detached content.</param>
/// <param name="Certificates">Encoded, of kind X.509 only.</param>
/// <param name="Signers">May be none.</param>
internal sealed record SignedData(
    string ContentType,
    bool HasContent,
    ContentDigests Digests,
    IReadOnlyList<ReadOnlyMemory<byte>> Certificates,
    IReadOnlyList<SignerInfo> Signers);
