namespace Portal.Smime.Mime;

/// <summary>Opens and judges a message: the only way to a verdict.</summary>
public static class MessageOpener
{
    /// <summary>Whatever the bytes are, this returns; only cancellation, a broken stream and a broken key store throw.</summary>
    /// <param name="message">The raw message, seekable, from its beginning; stays open as long as the result.</param>
    /// <param name="context">What is known and allowed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task<OpenedMessage> OpenAsync(Stream message, OpeningContext context, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
