using Portal.Application.AtRest;

namespace Portal.Application.LargeFiles;

/// <summary>Of a file that somebody adds to what they write; sealed in its row.</summary>
/// <param name="FileName">Safe to save under.</param>
/// <param name="MediaType">As the browser said.</param>
/// <param name="Mark">By which the browser tells a file from another of that name and length; null for none.</param>
/// <param name="Sha256">Of the bytes; null until they are here.</param>
internal sealed record FileDescription(string FileName, string MediaType, string? Mark, byte[]? Sha256)
{
    /// <summary>The same file, announced once more.</summary>
    public bool IsOf(FileDescription other) => (FileName, MediaType, Mark) == (other.FileName, other.MediaType, other.Mark);

    /// <exception cref="InvalidOperationException">Not all of it is here.</exception>
    public KeptFile Kept(BlobId content, long length) =>
        new(content, FileName, MediaType, length, Sha256 ?? throw new InvalidOperationException("The file is not whole."));
}
