using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>A BER reader over the decoded body of an S/MIME entity; may be opened again for a second pass.</summary>
internal sealed class CmsBody : IDisposable
{
    private readonly Stream? _decoder;

    private CmsBody(Stream body, string transferEncoding, int structureBytes)
    {
        _decoder = transferEncoding switch
        {
            "base64" => new Base64DecodingStream(body),
            "quoted-printable" => new QuotedPrintableDecodingStream(body),
            "7bit" or "8bit" or "binary" => null,
            _ => throw UnreadableException.Malformed("Content-Transfer-Encoding"),
        };
        Reader = new BerReader(_decoder ?? body, structureBytes);
    }

    public BerReader Reader { get; }

    /// <param name="entity">Header and body; seekable.</param>
    /// <param name="header">Of that entity.</param>
    /// <param name="limits">For structures that are held whole.</param>
    public static CmsBody Open(Stream entity, HeaderBlock header, OpeningLimits limits)
    {
        var body = new RangeStream(entity, header.BodyOffset, Math.Max(0, entity.Length - header.BodyOffset));
        return new CmsBody(body, header.Media.TransferEncoding, limits.StructureBytes);
    }

    public void Dispose()
    {
        Reader.Dispose();
        _decoder?.Dispose();
    }
}
