namespace Portal.Smime.Cms;

/// <summary>The octets of an OCTET STRING for those who want a stream; counts what has passed.</summary>
internal sealed class BerContentStream(BerOctetStream octets) : ForwardStream
{
    public long Passed { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await octets.ReadAsync(buffer, cancellationToken);
        Passed += read;
        return read;
    }
}
