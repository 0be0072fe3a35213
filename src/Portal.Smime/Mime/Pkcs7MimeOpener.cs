using Portal.Smime.Cms;
using Portal.Smime.Ess;

namespace Portal.Smime.Mime;

/// <summary>application/pkcs7-mime: the bytes decide what it is, smime-type is not asked (RFC 8551 §3.2.2).</summary>
internal static class Pkcs7MimeOpener
{
    private const int LongestReceipt = 64 * 1024;

    public static async Task<OpenedLayer> OpenAsync(
        Stream entity,
        HeaderBlock header,
        ContentKeys keys,
        InflationAllowance allowance,
        OpeningLimits limits,
        CancellationToken cancellationToken)
    {
        var kind = LayerKind.Other;
        try
        {
            using var body = new CmsBody(entity, header, limits);
            var contentType = await ContentInfo.EnterAsync(body.Reader, cancellationToken);
            switch (contentType)
            {
                case Oids.SignedData:
                    kind = LayerKind.OpaqueSigned;
                    return await OpenSignedAsync(body.Reader, limits, cancellationToken);
                case Oids.EnvelopedData:
                    kind = LayerKind.Enveloped;
                    return await EncryptedOpener.OpenAsync(body, kind, keys, limits, cancellationToken);
                case Oids.AuthEnvelopedData:
                    kind = LayerKind.AuthEnveloped;
                    return await EncryptedOpener.OpenAsync(body, kind, keys, limits, cancellationToken);
                case Oids.CompressedData:
                    kind = LayerKind.Compressed;
                    return await PlainContentOpener.OpenCompressedAsync(body.Reader, allowance, limits, cancellationToken);
                case Oids.Data:
                    kind = LayerKind.Data;
                    return await PlainContentOpener.OpenDataAsync(body.Reader, limits, cancellationToken);
                default:
                    return new OpenedLayer(LayerKind.Other, null)
                    {
                        Algorithm = contentType,
                        Failure = new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, contentType),
                    };
            }
        }
        catch (Exception exception) when (OpeningFailures.Of(exception) is { } failure)
        {
            return new OpenedLayer(kind, null) { Failure = failure };
        }
    }

    private static async Task<OpenedLayer> OpenSignedAsync(BerReader reader, OpeningLimits limits, CancellationToken cancellationToken)
    {
        var spool = new Spool(limits.SpoolMemoryBytes);
        try
        {
            var structure = await SignedDataReader.ReadAsync(reader, spool, limits.CmsLimits(), cancellationToken);
            await ContentInfo.LeaveAsync(reader, cancellationToken);
            await spool.CompleteAsync(cancellationToken);
            return structure is { HasContent: true, ContentType: Oids.Receipt }
                ? await DescribeReceiptAsync(structure, spool, cancellationToken)
                : Describe(structure, spool);
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    private static OpenedLayer Describe(SignedData structure, Spool spool)
    {
        var certificates = SignedContents.ParseCertificates(structure);
        if (!structure.HasContent && structure.Signers.Count == 0)
        {
            return new OpenedLayer(LayerKind.CertificatesOnly, spool)
            {
                Signed = new SignedContent(structure, certificates, null),
                Owned = spool,
            };
        }

        if (!structure.HasContent)
        {
            throw new UnreadableException(Unreadable.ContentMissing, "eContent");
        }

        // Content that is not MIME is none of this engine's mail.
        if (structure.ContentType != Oids.Data)
        {
            throw new UnreadableException(Unreadable.UnsupportedAlgorithm, structure.ContentType);
        }

        MessageReason? reason = structure.Signers.Count == 0 ? MessageReason.NoSigner : null;
        return new OpenedLayer(LayerKind.OpaqueSigned, spool)
        {
            Signed = new SignedContent(structure, certificates, reason),
            Owned = spool,
        };
    }

    private static async Task<OpenedLayer> DescribeReceiptAsync(SignedData structure, Spool spool, CancellationToken cancellationToken)
    {
        if (spool.Length > LongestReceipt)
        {
            throw UnreadableException.TooLarge("receipt");
        }

        var content = new byte[spool.Length];
        await spool.ReadExactlyAsync(content, cancellationToken);
        var receipt = Receipt.Read(content);
        await spool.DisposeAsync();
        var nothing = new Spool();
        await nothing.CompleteAsync(cancellationToken);
        MessageReason? reason = structure.Signers.Count == 0 ? MessageReason.NoSigner : null;
        return new OpenedLayer(LayerKind.SignedReceipt, nothing)
        {
            Signed = new SignedContent(structure, SignedContents.ParseCertificates(structure), reason),
            Receipt = receipt,
            Owned = nothing,
        };
    }
}
