namespace Portal.Application.Protection;

/// <summary>A file of a message that is being written.</summary>
internal abstract record OutgoingFile
{
    /// <param name="FileName">Safe to save under.</param>
    /// <param name="MediaType">As its sender's browser said.</param>
    /// <param name="Content">From its beginning.</param>
    public sealed record Inside(string FileName, string MediaType, Stream Content) : OutgoingFile;

    /// <param name="File">What travels beside the message.</param>
    /// <param name="Note">What the message says of it to people.</param>
    public sealed record Beside(LargeFileReference File, string Note) : OutgoingFile;
}
