namespace Portal.Smime.Cms;

/// <summary>The octets of an OCTET STRING for those who want a stream; counts what has passed.</summary>
internal sealed class BerContentStream(BerOctetStream octets) : ForwardStream
{
    public long Passed { get; private set; }

    /// <summary>The last four octets that have passed, as a number.</summary>
    public uint Last { get; private set; }

    /// <summary>An exception came from below, and not from whoever reads here.</summary>
    public bool HasFailed { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        HasFailed = true;
        var read = await octets.ReadAsync(buffer, cancellationToken);
        HasFailed = false;
        Passed += read;
        foreach (var octet in buffer.Span[Math.Max(0, read - sizeof(uint))..read])
        {
            Last = (Last << 8) | octet;
        }

        return read;
    }
}
