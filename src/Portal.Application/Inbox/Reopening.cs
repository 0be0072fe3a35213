using System.Security.Cryptography;
using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Application.Inbox;

/// <summary>A message that was judged before, opened again for its content only.</summary>
internal sealed class ReopenedMessage(Stream raw, OpenedMessage opened, IReadOnlyList<ContentEncryptionKey> contentKeys, MessageContents contents) : IAsyncDisposable
{
    public MessageContents Contents => contents;

    /// <summary>The innermost entity. What was written here carries its whole header inside its signature, and so is a message by itself.</summary>
    /// <returns>To be disposed; outlives this.</returns>
    public async Task<Spool> ReadableAsync(CancellationToken cancellationToken)
    {
        var payload = opened.Payload ?? throw new InvalidOperationException("It was opened.");
        var readable = new Spool();
        try
        {
            payload.Position = 0;
            await payload.CopyToAsync(readable, cancellationToken);
            await readable.CompleteAsync(cancellationToken);
            return readable;
        }
        catch
        {
            await readable.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in contentKeys)
        {
            key.Dispose();
        }

        await opened.DisposeAsync();
        await raw.DisposeAsync();
    }
}

/// <summary>Opens by the keys that were recovered when the message arrived: no private key is asked.</summary>
internal sealed class Reopening(SealedBlobs blobs, DataKeys keys)
{
    /// <exception cref="Smime.Keys.KeyStoreException">The organisation's key could not be unwrapped.</exception>
    /// <exception cref="CryptographicException">What is stored is not what was stored.</exception>
    public async Task<ReopenedMessage> OpenAsync(StoredMessage message, FoundBlob found, CancellationToken cancellationToken)
    {
        using var key = await keys.OfMailboxAsync(message.OrganisationId, message.MailboxId, cancellationToken);
        var contentKeys = RecoveredKeys.Open(key, message);
        return await OpenAsync(await blobs.OpenAsync(found, cancellationToken), contentKeys, message.At, cancellationToken);
    }

    /// <param name="raw">Disposed with what comes of it.</param>
    /// <param name="contentKeys">Likewise.</param>
    /// <param name="at">When it was judged.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CryptographicException">What is stored is not what was stored.</exception>
    public static async Task<ReopenedMessage> OpenAsync(Stream raw, IReadOnlyList<ContentEncryptionKey> contentKeys, DateTimeOffset at, CancellationToken cancellationToken)
    {
        OpenedMessage? opened = null;
        try
        {
            // The bytes are authenticated at rest and were judged when they arrived: trust plays no part here.
            var context = new OpeningContext(TrustStore.Empty, NoKeys.Instance, at) { KnownKeys = contentKeys };
            opened = await MessageOpener.OpenAsync(raw, context, cancellationToken);
            var payload = opened.Payload ?? throw new CryptographicException("The message does not open any more.");
            return new ReopenedMessage(raw, opened, contentKeys, await MessageContents.ReadAsync(payload, opened.Header, cancellationToken));
        }
        catch
        {
            await (opened?.DisposeAsync() ?? ValueTask.CompletedTask);
            await raw.DisposeAsync();
            throw;
        }
    }
}
