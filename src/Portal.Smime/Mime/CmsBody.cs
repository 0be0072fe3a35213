using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>A BER reader over the decoded body of an S/MIME entity; may be opened again for a second pass.</summary>
internal sealed class CmsBody : IDisposable
{
    private readonly Stream _entity;
    private readonly HeaderBlock _header;
    private readonly OpeningLimits _limits;
    private readonly Stream? _decoder;
    private bool _disposed;

    /// <param name="entity">Header and body; seekable.</param>
    /// <param name="header">Of that entity.</param>
    /// <param name="limits">For structures that are held whole.</param>
    /// <exception cref="UnreadableException">A transfer encoding that is none.</exception>
    public CmsBody(Stream entity, HeaderBlock header, OpeningLimits limits)
    {
        (_entity, _header, _limits) = (entity, header, limits);
        var body = new RangeStream(entity, header.BodyOffset, Math.Max(0, entity.Length - header.BodyOffset));
        _decoder = header.Media.TransferEncoding switch
        {
            "base64" => new Base64DecodingStream(body),
            "quoted-printable" => new QuotedPrintableDecodingStream(body),
            "7bit" or "8bit" or "binary" => null,
            _ => throw UnreadableException.Malformed("Content-Transfer-Encoding"),
        };
        Reader = new BerReader(_decoder ?? body, limits.StructureBytes);
    }

    public BerReader Reader { get; }

    /// <summary>Another reader, at the beginning.</summary>
    public CmsBody Again() => new(_entity, _header, _limits);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Reader.Dispose();
        _decoder?.Dispose();
    }
}
