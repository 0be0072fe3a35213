namespace Portal.Smime.Mime;

/// <summary>
/// Bytes to write first and to read (and seek) after <see cref="CompleteAsync"/>. In memory up to a threshold, beyond it
/// in a temporary file sealed with AES-GCM under a key that dies with the spool: no plaintext reaches a disk.
/// </summary>
public sealed class Spool : MemoryStream
{
    public const int DefaultMemoryBytes = 1024 * 1024;

    public Spool(int memoryBytes = DefaultMemoryBytes) => throw new NotImplementedException();

    /// <summary>Ends writing; from here on the spool reads from its beginning.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
