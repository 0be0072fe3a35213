namespace Portal.Smime.Cms;

/// <summary>How many bytes all compressed layers of one message may come to, whatever lies between them.</summary>
/// <param name="messageBytes">As the message arrived.</param>
/// <param name="most">That are accepted of any content.</param>
internal sealed class InflationAllowance(long messageBytes, long most)
{
    /// <summary>However small the message is.</summary>
    private const long Always = 1024 * 1024;

    /// <summary>Up to here, content of which a bomb is made costs no more than a message of that size does.</summary>
    private const long Cheap = 64 * 1024 * 1024;

    private const int LargestRatio = 200;

    /// <summary>Text that compresses better than this is none that people write by the hundred megabytes.</summary>
    private const int LargestRatioOfMuch = 20;

    private long _left = Math.Min(most, Math.Max(Always, Math.Max(Math.Min(messageBytes * LargestRatio, Cheap), messageBytes * LargestRatioOfMuch)));

    /// <exception cref="UnreadableException">There is more than is allowed.</exception>
    public void Take(int bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw UnreadableException.TooLarge("compressed content");
        }
    }
}
