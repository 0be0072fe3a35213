namespace Portal.Application.LargeFiles;

/// <param name="Offset">Bytes that are here.</param>
/// <param name="Length">Bytes in all.</param>
public readonly record struct FileProgress(long Offset, long Length);
