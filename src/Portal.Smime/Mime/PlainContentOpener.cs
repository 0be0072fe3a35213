using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>CMS around content that protects nothing: id-data (RFC 5652 §4) and CompressedData (RFC 3274).</summary>
internal static class PlainContentOpener
{
    public static Task<OpenedLayer> OpenDataAsync(BerReader reader, OpeningLimits limits, CancellationToken cancellationToken) =>
        OpenAsync(
            LayerKind.Data,
            reader,
            limits,
            async spool =>
            {
                var octets = await reader.OpenOctetsAsync(ContentInfo.OctetString, "content", cancellationToken);
                await using var content = new BerContentStream(octets);
                await content.CopyToAsync(spool, cancellationToken);
            },
            cancellationToken);

    public static Task<OpenedLayer> OpenCompressedAsync(BerReader reader, InflationAllowance allowance, OpeningLimits limits, CancellationToken cancellationToken) =>
        OpenAsync(
            LayerKind.Compressed,
            reader,
            limits,
            spool => CompressedDataReader.ReadAsync(reader, spool, allowance, cancellationToken),
            cancellationToken);

    private static async Task<OpenedLayer> OpenAsync(
        LayerKind kind,
        BerReader reader,
        OpeningLimits limits,
        Func<Spool, Task> read,
        CancellationToken cancellationToken)
    {
        var spool = new Spool(limits.SpoolMemoryBytes);
        try
        {
            await read(spool);
            await ContentInfo.LeaveAsync(reader, cancellationToken);
            await spool.CompleteAsync(cancellationToken);
            return new OpenedLayer(kind, spool) { Owned = spool };
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }
}
