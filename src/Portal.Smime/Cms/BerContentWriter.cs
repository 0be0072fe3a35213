using System.Buffers;

namespace Portal.Smime.Cms;

/// <summary>Gathers content into full pieces and writes each as one OCTET STRING.</summary>
internal sealed class BerContentWriter(Stream destination) : IDisposable
{
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(BerFraming.PieceLength);
    private readonly byte[] _header = new byte[BerFraming.LongestPieceHeader];
    private int _count;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        while (content.Length > 0)
        {
            var taken = Math.Min(content.Length, BerFraming.PieceLength - _count);
            content[..taken].CopyTo(_piece.AsMemory(_count));
            content = content[taken..];
            _count += taken;
            if (_count == BerFraming.PieceLength)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Writes what has not filled a piece.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_count == 0)
        {
            return;
        }

        var header = BerFraming.PieceHeader(_count, _header);
        await destination.WriteAsync(_header.AsMemory(0, header), cancellationToken);
        await destination.WriteAsync(_piece.AsMemory(0, _count), cancellationToken);
        _count = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_piece, clearArray: true);
}
