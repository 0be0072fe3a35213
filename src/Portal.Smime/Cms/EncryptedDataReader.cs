using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Legacy;
using Portal.Smime.OpenSsl;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Reads EnvelopedData and AuthEnvelopedData: the head, then, with a key in hand, the ciphertext.</summary>
/// <param name="reader">Inside ContentInfo.</param>
/// <param name="authenticated">AuthEnvelopedData.</param>
/// <param name="limits">How much is accepted.</param>
internal sealed class EncryptedDataReader(BerReader reader, bool authenticated, CmsLimits limits)
{
    private const byte EncryptedContent = 0x80;

    /// <exception cref="UnreadableException">Not such a structure, or too large.</exception>
    /// <exception cref="AsnContentException">Not BER.</exception>
    public async Task<EncryptedDataHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        await EnterRecipientsAsync(cancellationToken);
        var recipients = await ReadRecipientsAsync(cancellationToken);
        await reader.EnterAsync(ContentInfo.Sequence, "encryptedContentInfo", cancellationToken);
        var contentType = await ContentInfo.ReadObjectIdentifierAsync(reader, "contentType", cancellationToken);
        var element = await reader.ReadElementAsync("contentEncryptionAlgorithm", cancellationToken);
        var identifier = AlgorithmIdentifier.Read(new AsnReader(element, AsnEncodingRules.BER));
        return new EncryptedDataHead(
            recipients,
            contentType,
            identifier,
            ContentEncryptionAlgorithm.Read(identifier, authenticated));
    }

    /// <summary>Past a head that was read before.</summary>
    public async Task SkipHeadAsync(CancellationToken cancellationToken)
    {
        await EnterRecipientsAsync(cancellationToken);
        while (!await reader.AtEndAsync(cancellationToken))
        {
            await reader.ReadElementAsync("RecipientInfo", cancellationToken);
        }

        await reader.LeaveAsync("recipientInfos", cancellationToken);
        await reader.EnterAsync(ContentInfo.Sequence, "encryptedContentInfo", cancellationToken);
        await reader.ReadElementAsync("contentType", cancellationToken);
        await reader.ReadElementAsync("contentEncryptionAlgorithm", cancellationToken);
    }

    /// <summary>Decrypts to the end of the structure. What was written may be looked at only when this says <see cref="Decryption.Authentic"/>.</summary>
    /// <param name="algorithm">From the head.</param>
    /// <param name="key">Of the algorithm's length.</param>
    /// <param name="attributes">authAttrs as an earlier pass found them, DER SET OF; null on the first pass.</param>
    /// <param name="plaintext">Receives the content.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<Decryption> DecryptAsync(
        ContentEncryptionAlgorithm algorithm,
        ReadOnlyMemory<byte> key,
        byte[]? attributes,
        Stream plaintext,
        CancellationToken cancellationToken)
    {
        return authenticated
            ? await DecryptAuthenticatedAsync(algorithm, key, attributes, plaintext, cancellationToken)
            : await DecryptPlainAsync(algorithm, key, plaintext, cancellationToken);
    }

    private async Task<Decryption> DecryptPlainAsync(
        ContentEncryptionAlgorithm algorithm,
        ReadOnlyMemory<byte> key,
        Stream plaintext,
        CancellationToken cancellationToken)
    {
        using IContentDecryption cipher = algorithm.Cipher.IsRc2()
            ? new Rc2Decryption(algorithm.Cipher, key.Span, algorithm.Nonce.Span)
            : EvpCipher.ForDecryption(algorithm.Cipher, key.Span, algorithm.Nonce.Span);
        await DecryptContentAsync(cipher, plaintext, cancellationToken);
        await LeaveAsync("unprotectedAttrs", 1, cancellationToken);
        return await FinishAsync(cipher, plaintext, cancellationToken);
    }

    private async Task<Decryption> DecryptAuthenticatedAsync(
        ContentEncryptionAlgorithm algorithm,
        ReadOnlyMemory<byte> key,
        byte[]? attributes,
        Stream plaintext,
        CancellationToken cancellationToken)
    {
        using var cipher = EvpCipher.ForDecryption(algorithm.Cipher, key.Span, algorithm.Nonce.Span);
        if (attributes is not null)
        {
            cipher.Authenticate(attributes);
        }

        await DecryptContentAsync(cipher, plaintext, cancellationToken);
        var found = await ReadAuthenticatedAttributesAsync(cancellationToken);
        var tag = await reader.ReadElementAsync("mac", cancellationToken);
        await LeaveAsync("unauthAttrs", 2, cancellationToken);
        if (found is not null && attributes is null)
        {
            return new Decryption.AttributesFound(found);
        }

        var tagBytes = AsnDecoder.ReadOctetString(tag.Span, AsnEncodingRules.BER, out _);
        if (tagBytes.Length != EvpCipher.TagLength)
        {
            return new Decryption.Failed();
        }

        cipher.ExpectTag(tagBytes);
        return await FinishAsync(cipher, plaintext, cancellationToken);
    }

    private async Task EnterRecipientsAsync(CancellationToken cancellationToken)
    {
        await reader.EnterAsync(ContentInfo.Sequence, "EnvelopedData", cancellationToken);
        await reader.ReadElementAsync("version", cancellationToken);
        if (await reader.NextIsAsync(ContentInfo.Tagged(0), cancellationToken))
        {
            await reader.ReadElementAsync("originatorInfo", cancellationToken);
        }

        await reader.EnterAsync(ContentInfo.Set, "recipientInfos", cancellationToken);
    }

    private async Task<IReadOnlyList<RecipientInfo>> ReadRecipientsAsync(CancellationToken cancellationToken)
    {
        var recipients = new List<RecipientInfo>();
        var total = 0;
        while (!await reader.AtEndAsync(cancellationToken))
        {
            var element = await reader.ReadElementAsync("RecipientInfo", cancellationToken);
            total += element.Length;
            recipients.AddRange(RecipientInfoReader.Read(element));
            if (recipients.Count > limits.Recipients || total > limits.StructureBytes)
            {
                throw UnreadableException.TooLarge("recipientInfos");
            }
        }

        await reader.LeaveAsync("recipientInfos", cancellationToken);
        return recipients;
    }

    private async Task DecryptContentAsync(IContentDecryption cipher, Stream plaintext, CancellationToken cancellationToken)
    {
        var octets = await reader.OpenOctetsAsync(EncryptedContent, "encryptedContent", cancellationToken);
        var input = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var output = ArrayPool<byte>.Shared.Rent((64 * 1024) + EvpCipher.BlockLength);
        try
        {
            while (await octets.ReadAsync(input.AsMemory(0, 64 * 1024), cancellationToken) is var read and > 0)
            {
                var written = cipher.Update(input.AsSpan(0, read), output);
                await plaintext.WriteAsync(output.AsMemory(0, written), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(output, clearArray: true);
        }

        await reader.LeaveAsync("encryptedContentInfo", cancellationToken);
    }

    // RFC 5083 §2.2: authenticated under the universal SET tag, in DER.
    private async Task<byte[]?> ReadAuthenticatedAttributesAsync(CancellationToken cancellationToken)
    {
        if (!await reader.NextIsAsync(ContentInfo.Tagged(1), cancellationToken))
        {
            return null;
        }

        var element = await reader.ReadElementAsync("authAttrs", cancellationToken);
        var set = new AsnReader(element, AsnEncodingRules.BER)
            .ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 1));
        var attributes = new List<ReadOnlyMemory<byte>>();
        while (set.HasData)
        {
            attributes.Add(DerReencoding.Of(set.ReadEncodedValue()));
        }

        return DerReencoding.SetOf(attributes);
    }

    private async Task LeaveAsync(string attributes, int tag, CancellationToken cancellationToken)
    {
        if (await reader.NextIsAsync(ContentInfo.Tagged(tag), cancellationToken))
        {
            await reader.ReadElementAsync(attributes, cancellationToken);
        }

        await reader.LeaveAsync("EnvelopedData", cancellationToken);
    }

    private static async Task<Decryption> FinishAsync(IContentDecryption cipher, Stream plaintext, CancellationToken cancellationToken)
    {
        var last = new byte[EvpCipher.BlockLength];
        if (!cipher.TryFinish(last, out var written))
        {
            return new Decryption.Failed();
        }

        await plaintext.WriteAsync(last.AsMemory(0, written), cancellationToken);
        CryptographicOperations.ZeroMemory(last);
        return new Decryption.Authentic();
    }
}
