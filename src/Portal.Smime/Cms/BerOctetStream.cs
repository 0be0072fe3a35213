namespace Portal.Smime.Cms;

/// <summary>The octets of an OCTET STRING as one stream, whether primitive or in pieces (X.690 §8.7).</summary>
internal sealed class BerOctetStream(BerReader reader, long remaining, int depth, string name)
{
    private const byte OctetString = 0x04;
    private const byte ConstructedOctetString = 0x24;
    private const int DeepestNesting = 8;

    private long _remaining = remaining;
    private int _depth = depth;

    /// <returns>0 at the end only.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (_remaining == 0)
        {
            if (_depth == 0)
            {
                return 0;
            }

            await AdvanceAsync(cancellationToken);
        }

        var wanted = destination[..(int)Math.Min(destination.Length, _remaining)];
        var read = await reader.ReadSomeAsync(wanted, cancellationToken);
        _remaining -= read;
        return read;
    }

    private async ValueTask AdvanceAsync(CancellationToken cancellationToken)
    {
        if (await reader.AtEndAsync(cancellationToken))
        {
            await reader.LeaveAsync(name, cancellationToken);
            _depth--;
            return;
        }

        var header = await reader.PeekAsync(cancellationToken);
        switch (header.Tag)
        {
            case OctetString:
                reader.Consume(header.Size);
                _remaining = header.Length;
                return;
            case ConstructedOctetString when _depth < DeepestNesting:
                reader.Enter(header);
                _depth++;
                return;
            default:
                throw UnreadableException.Malformed(name);
        }
    }
}
