namespace Portal.Application.Compose;

/// <summary>How far sending a large message is, by the bytes that have passed from one stage to the next.</summary>
/// <param name="content">Bytes of text and attachments together, as they are stored.</param>
/// <param name="envelopes">How often the content is sealed.</param>
/// <param name="percent">Told 1 to 99, each once.</param>
internal sealed class SendProgress(long content, int envelopes, IProgress<int> percent)
{
    // Written, read and signed, written, copied for the sender; and for each envelope read, written and stored.
    private const int Stages = 6;
    private const int StagesOfEnvelope = 3;

    // Base64 in lines.
    private readonly long _expected = Math.Max(1, content * 137 / 100 * (Stages + (StagesOfEnvelope * envelopes)));
    private long _passed;
    private int _told;

    public void Pass(int bytes)
    {
        _passed += bytes;
        var now = (int)Math.Min(99, _passed * 100 / _expected);
        if (now > _told)
        {
            _told = now;
            percent.Report(now);
        }
    }
}
