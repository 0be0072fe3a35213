using System.Formats.Asn1;
using Portal.Smime.Cms;
using Portal.Smime.Ess;

namespace Portal.Smime.Mime;

/// <summary>Makes signed receipts (RFC 2634 §2.5).</summary>
public static class SignedReceiptEntity
{
    /// <summary>Writes from Content-Type on. Whether to answer at all, and to whom, is the caller's decision.</summary>
    /// <param name="request">As the signer asked.</param>
    /// <param name="original">That signer's signature, which has to be valid.</param>
    /// <param name="reader">Who confirms.</param>
    /// <param name="properties">What is signed beside the receipt.</param>
    /// <param name="destination">Receives the entity, CRLF.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Keys.KeyStoreException">The key could not sign.</exception>
    public static async Task WriteAsync(
        ReceiptRequest request,
        OriginatorSignature original,
        Signer reader,
        SigningProperties properties,
        Stream destination,
        CancellationToken cancellationToken)
    {
        var receipt = new Receipt(original.ContentType, request.ContentIdentifier, original.Value);
        var digest = new AsnWriter(AsnEncodingRules.DER);
        digest.WriteOctetString(original.MessageSignatureDigest.Span);
        var writer = new SignedDataWriter([reader], properties)
        {
            ContentType = Oids.Receipt,
            Attributes = [(Oids.MessageSignatureDigest, digest.Encode())],
        };
        var structure = await writer.EncapsulateAsync(receipt.Encode(), cancellationToken);
        await destination.WriteAsync(Pkcs7MimeHeader.Encode("signed-receipt"), cancellationToken);
        await using var encoder = new Base64LineWriter(destination);
        await encoder.WriteAsync(structure, cancellationToken);
        await encoder.CompleteAsync(cancellationToken);
    }
}
