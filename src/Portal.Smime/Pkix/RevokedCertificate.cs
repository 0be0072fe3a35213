namespace Portal.Smime.Pkix;

/// <param name="SerialNumber">Content bytes of the INTEGER, big endian.</param>
/// <param name="RevokedAt">Precise to the second.</param>
/// <param name="Reason">Unspecified when the list does not say.</param>
public sealed record RevokedCertificate(ReadOnlyMemory<byte> SerialNumber, DateTimeOffset RevokedAt, CrlReason Reason);
