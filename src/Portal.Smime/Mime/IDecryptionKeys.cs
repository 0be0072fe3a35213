using Portal.Smime.Cms;
using Portal.Smime.Keys;

namespace Portal.Smime.Mime;

/// <param name="Recipient">The identifier that the key answers to.</param>
/// <param name="Key">A private key for unwrapping.</param>
public sealed record DecryptionKey(RecipientIdentifier Recipient, IPrivateKey Key);

/// <summary>Knows which private keys may be used for the message at hand.</summary>
public interface IDecryptionKeys
{
    /// <returns>The keys that match, the preferred one first; none when nothing matches.</returns>
    Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken);
}
