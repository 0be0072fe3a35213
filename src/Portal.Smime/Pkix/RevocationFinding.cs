namespace Portal.Smime.Pkix;

/// <summary>What one kind of source says about one certificate.</summary>
/// <param name="Revoked">The entry, when it is revoked at the instant.</param>
/// <param name="Good">What says good; null when nothing does.</param>
internal readonly record struct RevocationFinding(RevokedCertificate? Revoked, RevocationEvidence? Good);
