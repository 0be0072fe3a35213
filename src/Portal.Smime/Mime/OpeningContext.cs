using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>RFC 8550 §4.4.4 lets a certificate without extended key usage sign mail; here that is decided, not assumed.</summary>
public enum UnrestrictedCertificates
{
    /// <summary>A certificate that does not say what it is for is untrusted (no or any EKU, no KU).</summary>
    Deny,

    /// <summary>What a certificate does not forbid is allowed.</summary>
    Accept,
}

/// <param name="Trust">Anchors, intermediates and revocation lists; nothing is fetched.</param>
/// <param name="Keys">Finds private keys; not asked for a layer whose key is known.</param>
/// <param name="ReceivedAt">When the message arrived: paths and validity are judged at this instant, also years later.</param>
public sealed record OpeningContext(TrustStore Trust, IDecryptionKeys Keys, DateTimeOffset ReceivedAt)
{
    public OpeningLimits Limits { get; init; } = OpeningLimits.Default;

    public UnrestrictedCertificates UnrestrictedCertificates { get; init; }

    /// <summary>Keys recovered earlier, one per encrypted layer from the outside in; they make private keys needless.</summary>
    public IReadOnlyList<ContentEncryptionKey> KnownKeys { get; init; } = [];
}
