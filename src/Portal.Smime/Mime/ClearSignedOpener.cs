using System.Buffers;
using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>multipart/signed: the exact bytes of the first part, and the SignedData in the second (RFC 8551 §3.5.3).</summary>
internal static class ClearSignedOpener
{
    /// <returns>A payload always: text that a broken signature stands beside is shown as unsigned, not hidden.</returns>
    public static async Task<OpenedLayer> OpenAsync(
        Stream entity,
        HeaderBlock header,
        OpeningLimits limits,
        CancellationToken cancellationToken)
    {
        var boundary = header.Media.Boundary;
        var parts = string.IsNullOrEmpty(boundary)
            ? []
            : await MultipartRanges.FindAsync(entity, header.BodyOffset, boundary, cancellationToken);
        if (parts.Count != 2)
        {
            return new OpenedLayer(LayerKind.ClearSigned, entity)
            {
                Failure = new OpeningFailure(OpeningFailureKind.Malformed, "multipart/signed"),
            };
        }

        var content = new RangeStream(entity, parts[0].Start, parts[0].Length);
        try
        {
            var structure = await ReadSignatureAsync(entity, parts[1], limits, cancellationToken);
            return await HashAsync(content, structure, limits, cancellationToken);
        }
        catch (Exception exception) when (OpeningFailures.Of(exception) is { } failure)
        {
            return new OpenedLayer(LayerKind.ClearSigned, content) { Failure = failure };
        }
    }

    private static async Task<SignedData> ReadSignatureAsync(
        Stream entity,
        ByteRange part,
        OpeningLimits limits,
        CancellationToken cancellationToken)
    {
        var signature = new RangeStream(entity, part.Start, part.Length);
        var header = await HeaderBlock.ReadAsync(signature, limits, cancellationToken);
        using var body = new CmsBody(signature, header, limits);
        var contentType = await ContentInfo.EnterAsync(body.Reader, cancellationToken);
        if (contentType != Oids.SignedData)
        {
            throw UnreadableException.Malformed("SignedData");
        }

        var structure = await SignedDataReader.ReadAsync(body.Reader, content: null, limits.CmsLimits(), cancellationToken);
        await ContentInfo.LeaveAsync(body.Reader, cancellationToken);
        return structure;
    }

    private static async Task<OpenedLayer> HashAsync(
        RangeStream content,
        SignedData structure,
        OpeningLimits limits,
        CancellationToken cancellationToken)
    {
        var certificates = SignedContents.ParseCertificates(structure);

        // Content inside a detached signature would be what is signed while other content is shown.
        if (structure.HasContent)
        {
            return new OpenedLayer(LayerKind.ClearSigned, content)
            {
                Signed = new SignedContent(structure, certificates, MessageReason.ContentInDetachedSignature),
            };
        }

        MessageReason? reason = structure.Signers.Count == 0 ? MessageReason.NoSigner : null;
        var signed = new SignedContent(structure, certificates, reason);
        if (!await FeedAsync(content, structure.Digests, cancellationToken))
        {
            return new OpenedLayer(LayerKind.ClearSigned, content) { Signed = signed };
        }

        // Bare line feeds were canonicalised for the digest: hand out what was verified, not what came.
        var spool = await CanonicalCopyAsync(content, limits, cancellationToken);
        return new OpenedLayer(LayerKind.ClearSigned, spool) { Signed = signed, Owned = spool };
    }

    /// <returns>Whether the canonical form differs from the bytes at hand.</returns>
    private static async Task<bool> FeedAsync(Stream content, ContentDigests digests, CancellationToken cancellationToken)
    {
        content.Position = 0;
        using var canonical = new CanonicalStream(content);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await canonical.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                digests.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        digests.Complete();
        return canonical.Changed;
    }

    private static async Task<Spool> CanonicalCopyAsync(Stream content, OpeningLimits limits, CancellationToken cancellationToken)
    {
        content.Position = 0;
        using var canonical = new CanonicalStream(content);
        var spool = new Spool(limits.SpoolMemoryBytes);
        await canonical.CopyToAsync(spool, cancellationToken);
        await spool.CompleteAsync(cancellationToken);
        return spool;
    }
}
