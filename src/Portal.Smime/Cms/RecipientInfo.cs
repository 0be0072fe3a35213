using Portal.Smime.Keys;

namespace Portal.Smime.Cms;

/// <param name="Recipient">Whom it names.</param>
/// <param name="Scheme">How the key was wrapped; null when we cannot unwrap this kind.</param>
/// <param name="EncryptedKey">Empty without a scheme.</param>
internal sealed record RecipientInfo(Recipient Recipient, KeyTransportScheme? Scheme, ReadOnlyMemory<byte> EncryptedKey);
