using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.OpenSsl;

namespace Portal.Smime.Cms;

/// <summary>EnvelopedData and AuthEnvelopedData in two halves that meet at the first ciphertext byte: one suffix, any number of prefixes.</summary>
internal static class EncryptedDataWriter
{
    /// <summary>Room for an object identifier and its parameters: a writer takes 1 KB unless told how little is to come.</summary>
    private const int FewBytes = 64;

    /// <summary>Room for a RecipientInfo for RSA-2048: a writer that has to grow copies what it has.</summary>
    private const int RecipientInfoBytes = 512;

    /// <param name="content">Plaintext.</param>
    /// <param name="cipher">How.</param>
    /// <param name="suffix">Receives ciphertext pieces, tag and every end-of-contents that the prefix leaves open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<EncryptedContent> WriteSuffixAsync(
        Stream content,
        ContentCipher cipher,
        Stream suffix,
        CancellationToken cancellationToken)
    {
        var encrypted = New(cipher);
        await WriteSuffixAsync(content, encrypted, suffix, cancellationToken);
        return encrypted;
    }

    /// <summary>A fresh key and nonce, for exactly one suffix.</summary>
    /// <exception cref="ArgumentException">A cipher that is read only.</exception>
    public static EncryptedContent New(ContentCipher cipher)
    {
        if (cipher.IsLegacy())
        {
            throw new ArgumentException("Nothing is encrypted with this any more.", nameof(cipher));
        }

        var nonce = new byte[cipher.NonceLength()];
        RandomNumberGenerator.Fill(nonce);
        return new EncryptedContent(ContentEncryptionKey.Random(cipher), nonce);
    }

    public static async Task WriteSuffixAsync(Stream content, EncryptedContent encrypted, Stream suffix, CancellationToken cancellationToken)
    {
        using var cipher = EvpCipher.ForEncryption(encrypted.Key.Cipher, encrypted.Key.Bytes.Span, encrypted.Nonce.Span);
        await EncryptAsync(content, cipher, suffix, cancellationToken);

        // [0] encryptedContent and encryptedContentInfo end here; the tag follows in AuthEnvelopedData.
        await suffix.WriteAsync(BerFraming.Close(2), cancellationToken);
        if (encrypted.Key.Cipher.IsAuthenticated())
        {
            var tag = cipher.Tag();
            byte[] mac = [ContentInfo.OctetString, (byte)tag.Length, .. tag];
            await suffix.WriteAsync(mac, cancellationToken);
        }

        // EnvelopedData, its [0], ContentInfo.
        await suffix.WriteAsync(BerFraming.Close(3), cancellationToken);
    }

    /// <returns>Everything up to the first ciphertext piece.</returns>
    /// <exception cref="ArgumentException">No recipient, or one whose key is unfit.</exception>
    public static byte[] Prefix(EncryptedContent content, IReadOnlyList<RecipientCertificate> recipients)
    {
        if (recipients.Count == 0)
        {
            throw new ArgumentException("At least one recipient.", nameof(recipients));
        }

        var cipher = content.Key.Cipher;
        var type = new AsnWriter(AsnEncodingRules.DER, FewBytes);
        type.WriteObjectIdentifier(cipher.IsAuthenticated() ? Oids.AuthEnvelopedData : Oids.EnvelopedData);

        var version = 0;
        var infos = new AsnWriter(AsnEncodingRules.DER, recipients.Count * RecipientInfoBytes);
        using (infos.PushSetOf())
        {
            foreach (var recipient in recipients)
            {
                version = Math.Max(version, RecipientInfoWriter.Write(infos, recipient, content.Key.Bytes.Span));
            }
        }

        // RFC 5652 §6.1: 2 as soon as one RecipientInfo is not of version 0; RFC 5083 §2.1: always 0.
        var head = new AsnWriter(AsnEncodingRules.DER, FewBytes + infos.GetEncodedLength());
        head.WriteInteger(version == 0 || cipher.IsAuthenticated() ? 0 : 2);
        infos.CopyTo(head);

        var contentInfo = new AsnWriter(AsnEncodingRules.DER, FewBytes);
        contentInfo.WriteObjectIdentifier(Oids.Data);
        new ContentEncryptionAlgorithm(cipher, content.Nonce).ToIdentifier().Write(contentInfo);
        return
        [
            .. BerFraming.Open(ContentInfo.Sequence), .. type.Encode(), .. BerFraming.Open(ContentInfo.Tagged(0)),
            .. BerFraming.Open(ContentInfo.Sequence), .. head.Encode(),
            .. BerFraming.Open(ContentInfo.Sequence), .. contentInfo.Encode(), .. BerFraming.Open(ContentInfo.Tagged(0)),
        ];
    }

    private static async Task EncryptAsync(Stream content, EvpCipher cipher, Stream suffix, CancellationToken cancellationToken)
    {
        using var pieces = new BerContentWriter(suffix);
        var input = ArrayPool<byte>.Shared.Rent(BerFraming.PieceLength);
        var output = ArrayPool<byte>.Shared.Rent(BerFraming.PieceLength + EvpCipher.BlockLength);
        try
        {
            while (await content.ReadAsync(input.AsMemory(0, BerFraming.PieceLength), cancellationToken) is var read and > 0)
            {
                var written = cipher.Update(input.AsSpan(0, read), output);
                await pieces.WriteAsync(output.AsMemory(0, written), cancellationToken);
            }

            // Encryption always finishes; a false here would be libcrypto failing.
            if (!cipher.TryFinish(output, out var last))
            {
                throw new CryptographicException("libcrypto could not finish.");
            }

            await pieces.WriteAsync(output.AsMemory(0, last), cancellationToken);
            await pieces.FlushAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input, clearArray: true);
            ArrayPool<byte>.Shared.Return(output);
        }
    }
}
