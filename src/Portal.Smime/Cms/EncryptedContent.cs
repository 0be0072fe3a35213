namespace Portal.Smime.Cms;

/// <summary>What a ciphertext suffix was made with: enough to write a prefix for any further recipient.</summary>
/// <param name="Key">The content-encryption key; the holder disposes it.</param>
/// <param name="Nonce">12 bytes for GCM, 16 for CBC. Used for one suffix only.</param>
public sealed record EncryptedContent(ContentEncryptionKey Key, ReadOnlyMemory<byte> Nonce);
