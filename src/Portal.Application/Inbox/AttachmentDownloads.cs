namespace Portal.Application.Inbox;

/// <summary>Attachments, wherever they are: in the message, or beside it.</summary>
internal sealed class AttachmentDownloads(LargeFiles.LargeFiles files)
{
    /// <param name="contents">Of the message.</param>
    /// <param name="index">Of the attachment.</param>
    /// <param name="isAnew">It is fetched from its beginning.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when there is no such attachment. Of a file that is not beside the message any more, or was never here, what its message says of it.</returns>
    public async Task<Download?> OpenAsync(MessageContents contents, int index, bool isAnew, CancellationToken cancellationToken) =>
        contents.BesideAt(index) is { } reference && await files.OpenAsync(reference, isAnew, cancellationToken) is { } file
            ? file
            : await contents.DownloadAsync(index, cancellationToken);
}
