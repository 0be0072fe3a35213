using System.Numerics;

namespace Portal.Smime.Pkix;

/// <summary>Builds a complete v2 revocation list (RFC 5280 §5).</summary>
public static class RevocationListBuilder
{
    /// <param name="authority">Who issues; its certificate needs cRLSign.</param>
    /// <param name="number">Grows with every list.</param>
    /// <param name="revoked">Every unexpired revoked certificate of the authority.</param>
    /// <param name="thisUpdate">Precise to the second.</param>
    /// <param name="nextUpdate">At most 7 days later by the profile we follow; the caller's decision.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>DER.</returns>
    public static Task<byte[]> BuildAsync(
        IssuingAuthority authority,
        BigInteger number,
        IReadOnlyList<RevokedCertificate> revoked,
        DateTimeOffset thisUpdate,
        DateTimeOffset nextUpdate,
        CancellationToken cancellationToken) => throw new NotImplementedException();
}
