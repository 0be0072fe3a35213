namespace Portal.Smime.Ess;

/// <summary>Of one signer of a message, what a receipt confirms (RFC 2634 §2.5): enough to make one, and to verify one later.</summary>
/// <param name="ContentType">Object identifier of what was signed.</param>
/// <param name="Value">The signature.</param>
/// <param name="MessageSignatureDigest">Digest of the signed attributes, by the signer's digest algorithm.</param>
public sealed record OriginatorSignature(string ContentType, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> MessageSignatureDigest);
