using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Application.Inbox;

/// <summary>For messages that are in the clear, or whose keys were recovered before.</summary>
internal sealed class NoKeys : IDecryptionKeys
{
    private NoKeys()
    {
    }

    public static NoKeys Instance { get; } = new();

    public Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DecryptionKey>>([]);
}
