namespace Portal.Application.Tests.Database;

/// <summary>An upload whose connection is lost at the end.</summary>
/// <param name="length">How many bytes arrive before.</param>
/// <param name="content">Zeros, unless given.</param>
/// <param name="atTheEnd">Runs just before the connection is lost.</param>
internal sealed class BreakingStream(int length, byte[]? content = null, Action? atTheEnd = null) : MemoryStream(content ?? new byte[length])
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < Length)
        {
            return base.ReadAsync(buffer, cancellationToken);
        }

        atTheEnd?.Invoke();
        throw new IOException("The connection was lost.");
    }
}
