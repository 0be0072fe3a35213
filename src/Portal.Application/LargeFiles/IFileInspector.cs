namespace Portal.Application.LargeFiles;

/// <summary>Looks into every file that somebody uploads, before it can be sent. Any number may be registered; all must find nothing.</summary>
public interface IFileInspector
{
    /// <param name="fileName">As its sender calls it.</param>
    /// <param name="content">From its beginning; not larger than a file may be.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task<FileFinding> InspectAsync(string fileName, Stream content, CancellationToken cancellationToken);
}

public abstract record FileFinding
{
    public sealed record Clean : FileFinding;

    /// <param name="Name">What it is called where it is known.</param>
    public sealed record Malware(string Name) : FileFinding;

    /// <summary>It cannot be said now; the file waits.</summary>
    public sealed record Unknown : FileFinding;
}
