using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

/// <summary>Wraps a MIME entity into EnvelopedData or AuthEnvelopedData (RFC 8551 §3.3, §3.4), as the cipher demands.</summary>
public static class EncryptedEntity
{
    /// <summary>All in one go, for recipients who may know of each other. Writes from Content-Type on.</summary>
    public static Task WriteAsync(
        Stream entity,
        IReadOnlyList<RecipientCertificate> recipients,
        ContentCipher cipher,
        Stream destination,
        CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Encrypts once for any number of prefixes.</summary>
    /// <param name="entity">A MIME entity.</param>
    /// <param name="cipher">How.</param>
    /// <param name="suffix">Receives everything from the first content byte to the end of the CMS structure: binary, no recipient in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task<EncryptedContent> EncryptAsync(Stream entity, ContentCipher cipher, Stream suffix, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>What goes before the suffix for these recipients: binary, random at each call, so store it for identical retries.</summary>
    public static byte[] Prefix(EncryptedContent content, IReadOnlyList<RecipientCertificate> recipients) => throw new NotImplementedException();

    /// <summary>Joins a prefix and its suffix to a MIME entity.</summary>
    public static Task WriteAsync(
        ContentCipher cipher,
        ReadOnlyMemory<byte> prefix,
        Stream suffix,
        Stream destination,
        CancellationToken cancellationToken) => throw new NotImplementedException();
}
