using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>RFC 5652 §5: one signer, certificates along, content beside it or inside.</summary>
internal static class SignedDataWriter
{
    /// <param name="signer">Who signs.</param>
    /// <param name="contentDigest">Of content that travels beside.</param>
    /// <param name="signingTime">Written to the second.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>ContentInfo, DER.</returns>
    public static async Task<byte[]> DetachedAsync(
        Signer signer,
        byte[] contentDigest,
        DateTimeOffset signingTime,
        CancellationToken cancellationToken)
    {
        var signerInfo = await SignerInfoWriter.SignAsync(signer, contentDigest, signingTime, cancellationToken);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                WriteVersionAndDigest(writer, signer.Scheme);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                }

                WriteCertificatesAndSigner(writer, signer, signerInfo);
            }
        }

        return writer.Encode();
    }

    /// <summary>Streams content into the structure (BER), hashing on the way.</summary>
    public static async Task WriteOpaqueAsync(
        Stream content,
        Signer signer,
        DateTimeOffset signingTime,
        Stream destination,
        CancellationToken cancellationToken)
    {
        await destination.WriteAsync(OpaqueHead(signer.Scheme), cancellationToken);
        using var hash = IncrementalHash.CreateHash(signer.Scheme.Hash());
        using (var pieces = new BerContentWriter(destination))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BerFraming.PieceLength);
            try
            {
                while (await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                    await pieces.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            }

            await pieces.FlushAsync(cancellationToken);
        }

        // The constructed OCTET STRING, its [0], encapContentInfo.
        await destination.WriteAsync(BerFraming.Close(3), cancellationToken);
        var signerInfo = await SignerInfoWriter.SignAsync(signer, hash.GetHashAndReset(), signingTime, cancellationToken);
        var tail = new AsnWriter(AsnEncodingRules.DER);
        WriteCertificatesAndSigner(tail, signer, signerInfo);
        await destination.WriteAsync(tail.Encode(), cancellationToken);

        // SignedData, its [0], ContentInfo.
        await destination.WriteAsync(BerFraming.Close(3), cancellationToken);
    }

    // RFC 5754 §2: absent parameters.
    internal static void WriteDigestAlgorithm(AsnWriter writer, SignatureScheme scheme) =>
        AlgorithmIdentifier.WithoutParameters(DigestAlgorithms.ObjectIdentifier(scheme.Hash())).Write(writer);

    private static byte[] OpaqueHead(SignatureScheme scheme)
    {
        var type = new AsnWriter(AsnEncodingRules.DER);
        type.WriteObjectIdentifier(Oids.SignedData);
        var versionAndDigest = new AsnWriter(AsnEncodingRules.DER);
        WriteVersionAndDigest(versionAndDigest, scheme);
        var contentType = new AsnWriter(AsnEncodingRules.DER);
        contentType.WriteObjectIdentifier(Oids.Data);
        const byte constructedOctetString = 0x24;
        return
        [
            .. BerFraming.Open(ContentInfo.Sequence), .. type.Encode(), .. BerFraming.Open(ContentInfo.Tagged(0)),
            .. BerFraming.Open(ContentInfo.Sequence), .. versionAndDigest.Encode(),
            .. BerFraming.Open(ContentInfo.Sequence), .. contentType.Encode(),
            .. BerFraming.Open(ContentInfo.Tagged(0)), .. BerFraming.Open(constructedOctetString),
        ];
    }

    private static void WriteVersionAndDigest(AsnWriter writer, SignatureScheme scheme)
    {
        writer.WriteInteger(1);
        using (writer.PushSetOf())
        {
            WriteDigestAlgorithm(writer, scheme);
        }
    }

    private static void WriteCertificatesAndSigner(AsnWriter writer, Signer signer, byte[] signerInfo)
    {
        using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            foreach (var certificate in Certificates(signer).DistinctBy(certificate => certificate.Thumbprint))
            {
                writer.WriteEncodedValue(certificate.RawData);
            }
        }

        using (writer.PushSetOf())
        {
            writer.WriteEncodedValue(signerInfo);
        }
    }

    private static IEnumerable<X509Certificate2> Certificates(Signer signer) =>
        signer.EncryptionCertificate is { } preferred
            ? [signer.Certificate, preferred, .. signer.Intermediates]
            : [signer.Certificate, .. signer.Intermediates];
}
