using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Wraps a MIME entity into EnvelopedData or AuthEnvelopedData (RFC 8551 §3.3, §3.4), as the cipher demands.</summary>
public static class EncryptedEntity
{
    /// <summary>All in one go, for recipients who may know of each other. Writes from Content-Type on.</summary>
    /// <param name="entity">A MIME entity, CRLF.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="cipher">How.</param>
    /// <param name="destination">Receives the wrapped entity, CRLF.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">No recipient, or one whose key is too weak, or of a kind that cannot receive.</exception>
    public static async Task WriteAsync(
        Stream entity,
        IReadOnlyList<RecipientCertificate> recipients,
        ContentCipher cipher,
        Stream destination,
        CancellationToken cancellationToken)
    {
        var content = EncryptedDataWriter.New(cipher);
        using (content.Key)
        {
            var prefix = EncryptedDataWriter.Prefix(content, recipients);
            await WriteHeaderAsync(cipher, destination, cancellationToken);
            await using var encoder = new Base64LineWriter(destination);
            await encoder.WriteAsync(prefix, cancellationToken);
            await EncryptedDataWriter.WriteSuffixAsync(entity, content, encoder, cancellationToken);
            await encoder.CompleteAsync(cancellationToken);
        }
    }

    /// <summary>Encrypts once for any number of prefixes.</summary>
    /// <param name="entity">A MIME entity, CRLF.</param>
    /// <param name="cipher">How.</param>
    /// <param name="suffix">Receives everything from the first content byte to the end of the CMS structure: binary, no recipient in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task<EncryptedContent> EncryptAsync(Stream entity, ContentCipher cipher, Stream suffix, CancellationToken cancellationToken) =>
        EncryptedDataWriter.WriteSuffixAsync(entity, cipher, suffix, cancellationToken);

    /// <summary>What goes before the suffix for these recipients: binary, random at each call, so store it for identical retries.</summary>
    /// <exception cref="ArgumentException">No recipient, or one whose key is too weak, or of a kind that cannot receive.</exception>
    public static byte[] Prefix(EncryptedContent content, IReadOnlyList<RecipientCertificate> recipients) =>
        EncryptedDataWriter.Prefix(content, recipients);

    /// <summary>Joins a prefix and its suffix to a MIME entity.</summary>
    public static async Task WriteAsync(
        ContentCipher cipher,
        ReadOnlyMemory<byte> prefix,
        Stream suffix,
        Stream destination,
        CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(cipher, destination, cancellationToken);
        await using var encoder = new Base64LineWriter(destination);
        await encoder.WriteAsync(prefix, cancellationToken);
        await suffix.CopyToAsync(encoder, cancellationToken);
        await encoder.CompleteAsync(cancellationToken);
    }

    private static ValueTask WriteHeaderAsync(ContentCipher cipher, Stream destination, CancellationToken cancellationToken) =>
        destination.WriteAsync(Pkcs7MimeHeader.Encode(cipher.IsAuthenticated() ? "authEnveloped-data" : "enveloped-data"), cancellationToken);
}
