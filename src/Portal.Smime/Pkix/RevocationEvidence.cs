using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

public enum RevocationSource
{
    RevocationList,

    /// <summary>A complete list and the changes since.</summary>
    DeltaList,

    OcspResponse,

    /// <summary>Nothing speaks of it, and nothing has to.</summary>
    None,
}

/// <summary>What says that a certificate was good.</summary>
/// <param name="Certificate">Whose revocation was looked for.</param>
/// <param name="Source">The kind.</param>
/// <param name="ThisUpdate">Of the list or response; null without one.</param>
public sealed record RevocationEvidence(X509Certificate2 Certificate, RevocationSource Source, DateTimeOffset? ThisUpdate)
{
    /// <summary>The lists, or the response, DER: all that it takes to say so again (RFC 5126 §6.2).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Encoded { get; init; } = [];
}
