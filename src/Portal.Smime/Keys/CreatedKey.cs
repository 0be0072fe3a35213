namespace Portal.Smime.Keys;

/// <param name="Reference">Where the private key rests.</param>
/// <param name="SubjectPublicKeyInfo">DER, RFC 5280 §4.1.2.7.</param>
public sealed record CreatedKey(KeyReference Reference, ReadOnlyMemory<byte> SubjectPublicKeyInfo);
