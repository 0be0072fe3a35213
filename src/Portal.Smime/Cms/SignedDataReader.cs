using System.Buffers;
using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Reads a SignedData in one pass: hashes content while handing it on, keeps only certificates and signers.</summary>
internal static class SignedDataReader
{
    /// <param name="reader">Before the SignedData, inside ContentInfo.</param>
    /// <param name="content">Receives eContent when there is any; null drops it.</param>
    /// <param name="limits">How much is accepted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UnreadableException">Not a SignedData, or too large.</exception>
    /// <exception cref="AsnContentException">Not BER.</exception>
    public static async Task<SignedData> ReadAsync(BerReader reader, Stream? content, CmsLimits limits, CancellationToken cancellationToken)
    {
        await reader.EnterAsync(ContentInfo.Sequence, "SignedData", cancellationToken);
        await reader.ReadElementAsync("version", cancellationToken);
        var digests = ContentDigests.For(ReadAlgorithms(await reader.ReadElementAsync("digestAlgorithms", cancellationToken)));
        try
        {
            await reader.EnterAsync(ContentInfo.Sequence, "encapContentInfo", cancellationToken);
            var contentType = await ContentInfo.ReadObjectIdentifierAsync(reader, "eContentType", cancellationToken);
            var hasContent = !await reader.AtEndAsync(cancellationToken);
            if (hasContent)
            {
                await ReadContentAsync(reader, digests, content, cancellationToken);
            }

            await reader.LeaveAsync("encapContentInfo", cancellationToken);
            var certificates = await ReadCertificatesAsync(reader, limits, cancellationToken);
            if (await reader.NextIsAsync(ContentInfo.Tagged(1), cancellationToken))
            {
                await reader.ReadElementAsync("crls", cancellationToken);
            }

            var signers = await ReadSignersAsync(reader, limits, cancellationToken);
            await reader.LeaveAsync("SignedData", cancellationToken);
            return new SignedData(contentType, hasContent, digests, certificates, signers);
        }
        catch
        {
            digests.Dispose();
            throw;
        }
    }

    private static List<AlgorithmIdentifier> ReadAlgorithms(ReadOnlyMemory<byte> element)
    {
        var set = new AsnReader(element, AsnEncodingRules.BER).ReadSetOf(skipSortOrderValidation: true);
        var algorithms = new List<AlgorithmIdentifier>();
        while (set.HasData)
        {
            algorithms.Add(AlgorithmIdentifier.Read(set));
        }

        return algorithms;
    }

    private static async Task ReadContentAsync(BerReader reader, ContentDigests digests, Stream? content, CancellationToken cancellationToken)
    {
        await reader.EnterAsync(ContentInfo.Tagged(0), "eContent", cancellationToken);
        var octets = await reader.OpenOctetsAsync(ContentInfo.OctetString, "eContent", cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await octets.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                digests.Append(buffer.AsSpan(0, read));
                if (content is not null)
                {
                    await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        digests.Complete();
        await reader.LeaveAsync("eContent", cancellationToken);
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadCertificatesAsync(
        BerReader reader,
        CmsLimits limits,
        CancellationToken cancellationToken)
    {
        var certificates = new List<ReadOnlyMemory<byte>>();
        if (!await reader.NextIsAsync(ContentInfo.Tagged(0), cancellationToken))
        {
            return certificates;
        }

        var total = 0;
        await reader.EnterAsync(ContentInfo.Tagged(0), "certificates", cancellationToken);
        while (!await reader.AtEndAsync(cancellationToken))
        {
            var element = await reader.ReadElementAsync("certificate", cancellationToken);
            total += element.Length;
            if (certificates.Count >= limits.Certificates || total > limits.StructureBytes)
            {
                throw UnreadableException.TooLarge("certificates");
            }

            // RFC 5652 §10.2.2: the other alternatives are tagged; they are obsolete attribute certificates and the like.
            if (element.Span[0] == ContentInfo.Sequence)
            {
                certificates.Add(element);
            }
        }

        await reader.LeaveAsync("certificates", cancellationToken);
        return certificates;
    }

    private static async Task<IReadOnlyList<SignerInfo>> ReadSignersAsync(
        BerReader reader,
        CmsLimits limits,
        CancellationToken cancellationToken)
    {
        var signers = new List<SignerInfo>();
        await reader.EnterAsync(ContentInfo.Set, "signerInfos", cancellationToken);
        while (!await reader.AtEndAsync(cancellationToken))
        {
            if (signers.Count >= limits.Signers)
            {
                throw UnreadableException.TooLarge("signerInfos");
            }

            signers.Add(SignerInfo.Read(await reader.ReadElementAsync("SignerInfo", cancellationToken)));
        }

        await reader.LeaveAsync("signerInfos", cancellationToken);
        return signers;
    }
}
