using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

public enum SignedForm
{
    /// <summary>multipart/signed: readable everywhere, broken by gateways that rewrite bodies.</summary>
    Detached,

    /// <summary>application/pkcs7-mime; smime-type=signed-data.</summary>
    Opaque,
}

/// <summary>Wraps a MIME entity into a signature (RFC 8551 §3.5).</summary>
public static class SignedEntity
{
    /// <summary>Streams; the key is asked once, after the last byte of content. Writes from Content-Type on: what belongs before (From, Date, MIME-Version) is the caller's.</summary>
    /// <param name="entity">A MIME entity, 7bit (RFC 8551 §3.1.2); bare LF and CR become CRLF.</param>
    /// <param name="signer">Who signs.</param>
    /// <param name="form">How it is wrapped.</param>
    /// <param name="signingTime">Within 24 hours of the Date field.</param>
    /// <param name="destination">Receives the wrapped entity, CRLF.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Keys.KeyStoreException">The key could not sign; the destination holds a torso.</exception>
    public static Task WriteAsync(
        Stream entity,
        Signer signer,
        SignedForm form,
        DateTimeOffset signingTime,
        Stream destination,
        CancellationToken cancellationToken) => throw new NotImplementedException();
}
