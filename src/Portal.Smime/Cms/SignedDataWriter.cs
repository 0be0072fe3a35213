using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §5: signers side by side, certificates along, content beside it or inside.</summary>
/// <param name="signers">At least one; each key is asked once.</param>
/// <param name="properties">What is signed beside the content.</param>
internal sealed class SignedDataWriter(IReadOnlyList<Signer> signers, SigningProperties properties)
{
    /// <summary>Room for an object identifier, or the algorithms of two signers: a writer takes 1 KB unless told how little is to come.</summary>
    private const int FewBytes = 64;

    /// <summary>Room for a SignerInfo: a writer that has to grow copies what it has.</summary>
    private const int SignerInfoBytes = 1536;

    /// <summary>Attributes of a special kind of content.</summary>
    public IReadOnlyList<(string Type, byte[] Value)> Attributes { get; init; } = [];

    /// <summary>eContentType.</summary>
    public string ContentType { get; init; } = Oids.Data;

    /// <param name="digests">Complete, of content that travels beside.</param>
    /// <param name="cancellationToken">Ends the wait for a key.</param>
    /// <returns>ContentInfo, DER.</returns>
    public Task<byte[]> DetachedAsync(ContentDigests digests, CancellationToken cancellationToken) =>
        EncodeAsync(digests, content: null, cancellationToken);

    /// <summary>Around content that is small.</summary>
    /// <returns>ContentInfo, DER.</returns>
    public async Task<byte[]> EncapsulateAsync(byte[] content, CancellationToken cancellationToken)
    {
        using var digests = ContentToSign.DigestsFor(signers);
        digests.Append(content);
        digests.Complete();
        return await EncodeAsync(digests, content, cancellationToken);
    }

    /// <summary>Streams content into the structure (BER), hashing on the way.</summary>
    public async Task WriteOpaqueAsync(Stream content, Stream destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(OpaqueHead(), cancellationToken);
        using var digests = ContentToSign.DigestsFor(signers);
        using (var pieces = new BerContentWriter(destination))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BerFraming.PieceLength);
            try
            {
                while (await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
                {
                    digests.Append(buffer.AsSpan(0, read));
                    await pieces.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            }

            await pieces.FlushAsync(cancellationToken);
        }

        digests.Complete();

        // The constructed OCTET STRING, its [0], encapContentInfo.
        await destination.WriteAsync(BerFraming.Close(3), cancellationToken);
        var tail = new AsnWriter(AsnEncodingRules.DER, TailBytes());
        WriteCertificates(tail);
        WriteSigners(tail, await SignAsync(digests, cancellationToken));
        await destination.WriteAsync(tail.Encode(), cancellationToken);

        // SignedData, its [0], ContentInfo.
        await destination.WriteAsync(BerFraming.Close(3), cancellationToken);
    }

    private async Task<byte[]> EncodeAsync(ContentDigests digests, byte[]? content, CancellationToken cancellationToken)
    {
        var signerInfos = await SignAsync(digests, cancellationToken);
        var writer = new AsnWriter(AsnEncodingRules.DER, TailBytes() + (content?.Length ?? 0));
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                WriteVersionAndDigests(writer);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(ContentType);
                    if (content is not null)
                    {
                        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                        {
                            writer.WriteOctetString(content);
                        }
                    }
                }

                WriteCertificates(writer);
                WriteSigners(writer, signerInfos);
            }
        }

        return writer.Encode();
    }

    private async Task<List<byte[]>> SignAsync(ContentDigests digests, CancellationToken cancellationToken)
    {
        var content = new ContentToSign(ContentType, digests);
        var signerInfos = new List<byte[]>();
        foreach (var signer in signers)
        {
            signerInfos.Add(await SignerInfoWriter.SignAsync(signer, content, properties, Attributes, cancellationToken));
        }

        return signerInfos;
    }

    private int TailBytes() => signers.Sum(signer => SignerInfoBytes + Certificates(signer).Sum(certificate => certificate.RawDataMemory.Length));

    private byte[] OpaqueHead()
    {
        var type = new AsnWriter(AsnEncodingRules.DER, FewBytes);
        type.WriteObjectIdentifier(Oids.SignedData);
        var versionAndDigests = new AsnWriter(AsnEncodingRules.DER, FewBytes);
        WriteVersionAndDigests(versionAndDigests);
        var contentType = new AsnWriter(AsnEncodingRules.DER, FewBytes);
        contentType.WriteObjectIdentifier(ContentType);
        const byte constructedOctetString = 0x24;
        return
        [
            .. BerFraming.Open(ContentInfo.Sequence), .. type.Encode(), .. BerFraming.Open(ContentInfo.Tagged(0)),
            .. BerFraming.Open(ContentInfo.Sequence), .. versionAndDigests.Encode(),
            .. BerFraming.Open(ContentInfo.Sequence), .. contentType.Encode(),
            .. BerFraming.Open(ContentInfo.Tagged(0)), .. BerFraming.Open(constructedOctetString),
        ];
    }

    // RFC 5652 §5.1: version 3 for a signer named by key identifier, and for content that is not id-data.
    private void WriteVersionAndDigests(AsnWriter writer)
    {
        var isThird = ContentType != Oids.Data || signers.Any(signer => signer.NamedBy == NamedBy.SubjectKeyIdentifier);
        writer.WriteInteger(isThird ? 3 : 1);
        using (writer.PushSetOf())
        {
            foreach (var hash in signers.Select(signer => signer.Scheme.Hash()).Distinct())
            {
                DigestAlgorithms.Identifier(hash).Write(writer);
            }
        }
    }

    private void WriteCertificates(AsnWriter writer)
    {
        using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            foreach (var certificate in signers.SelectMany(Certificates).DistinctBy(certificate => certificate.Thumbprint))
            {
                writer.WriteEncodedValue(certificate.RawDataMemory.Span);
            }
        }
    }

    private static void WriteSigners(AsnWriter writer, List<byte[]> signerInfos)
    {
        using (writer.PushSetOf())
        {
            signerInfos.ForEach(signerInfo => writer.WriteEncodedValue(signerInfo));
        }
    }

    private static IEnumerable<X509Certificate2> Certificates(Signer signer) =>
        signer.EncryptionCertificate is { } preferred
            ? [signer.Certificate, preferred, .. signer.Intermediates]
            : [signer.Certificate, .. signer.Intermediates];
}
