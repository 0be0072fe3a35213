namespace Portal.Application.LargeFiles;

/// <summary>What a browser says of a file before it sends it.</summary>
/// <param name="FileName">As its owner calls it.</param>
/// <param name="MediaType">May be wrong.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Mark">By which it is told from another of that name and length, such as when it was last changed.</param>
public sealed record AnnouncedFile(string FileName, string MediaType, long Length, string Mark);

/// <summary>What has come of a file that somebody adds to what they write.</summary>
public abstract record FileTaking
{
    /// <param name="File">Which: of the draft.</param>
    /// <param name="Offset">Bytes of it that are here.</param>
    /// <param name="IsWhole">It can be sent.</param>
    public sealed record Taken(Guid File, long Offset, bool IsWhole) : FileTaking;

    /// <param name="Limit">Bytes.</param>
    public sealed record TooLarge(long Limit) : FileTaking;

    /// <summary>The mailbox, or everything of the organisation together, holds as much as it may.</summary>
    public sealed record NoRoom : FileTaking;

    /// <param name="Name">What was found in it; it is gone.</param>
    public sealed record Malware(string Name) : FileTaking;

    /// <summary>All of it is here, and cannot be inspected now.</summary>
    public sealed record NotInspected : FileTaking;

    /// <summary>The draft waits for its time, and is not changed meanwhile.</summary>
    public sealed record Scheduled : FileTaking;

    /// <summary>The draft was sent or discarded elsewhere, or is somebody else's.</summary>
    public sealed record NotFound : FileTaking;

    public sealed record KeyUnavailable : FileTaking;
}
