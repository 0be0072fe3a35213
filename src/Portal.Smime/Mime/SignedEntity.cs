using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

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
    /// <param name="entity">A MIME entity, 7bit (RFC 8551 §3.1.2); bare LF becomes CRLF.</param>
    /// <param name="signer">Who signs.</param>
    /// <param name="form">How it is wrapped.</param>
    /// <param name="signingTime">Within 24 hours of the Date field.</param>
    /// <param name="destination">Receives the wrapped entity, CRLF.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Keys.KeyStoreException">The key could not sign; the destination holds a torso.</exception>
    public static async Task WriteAsync(
        Stream entity,
        Signer signer,
        SignedForm form,
        DateTimeOffset signingTime,
        Stream destination,
        CancellationToken cancellationToken)
    {
        using var canonical = new CanonicalStream(entity);
        await (form switch
        {
            SignedForm.Detached => WriteDetachedAsync(canonical, signer, signingTime, destination, cancellationToken),
            SignedForm.Opaque => WriteOpaqueAsync(canonical, signer, signingTime, destination, cancellationToken),
        });
    }

    private static async Task WriteDetachedAsync(
        CanonicalStream entity,
        Signer signer,
        DateTimeOffset signingTime,
        Stream destination,
        CancellationToken cancellationToken)
    {
        var boundary = $"=_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        await WriteLinesAsync(
            destination,
            [
                $"Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={Micalg(signer)};",
                $" boundary=\"{boundary}\"",
                string.Empty,
                $"--{boundary}",
            ],
            cancellationToken);
        var digest = await CopyAsync(entity, signer.Scheme.Hash(), destination, cancellationToken);
        var signature = await SignedDataWriter.DetachedAsync(signer, digest, signingTime, cancellationToken);

        // The break before a delimiter belongs to the delimiter, so content that ends in one gets another.
        await WriteLinesAsync(
            destination,
            [
                string.Empty,
                $"--{boundary}",
                "Content-Type: application/pkcs7-signature; name=smime.p7s",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment; filename=smime.p7s",
                string.Empty,
            ],
            cancellationToken);
        await using (var encoder = new Base64LineWriter(destination))
        {
            await encoder.WriteAsync(signature, cancellationToken);
            await encoder.CompleteAsync(cancellationToken);
        }

        await WriteLinesAsync(destination, [$"--{boundary}--"], cancellationToken);
    }

    private static async Task WriteOpaqueAsync(
        CanonicalStream entity,
        Signer signer,
        DateTimeOffset signingTime,
        Stream destination,
        CancellationToken cancellationToken)
    {
        await WriteLinesAsync(destination, Pkcs7MimeHeader.Lines("signed-data"), cancellationToken);
        await using var encoder = new Base64LineWriter(destination);
        await SignedDataWriter.WriteOpaqueAsync(entity, signer, signingTime, encoder, cancellationToken);
        await encoder.CompleteAsync(cancellationToken);
    }

    private static async Task<byte[]> CopyAsync(Stream entity, HashAlgorithmName hash, Stream destination, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(hash);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await entity.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                digest.AppendData(buffer.AsSpan(0, read));
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return digest.GetHashAndReset();
    }

    // RFC 8551 §3.5.3.2.
    private static string Micalg(Signer signer) => signer.Scheme.Hash().Name switch
    {
        nameof(HashAlgorithmName.SHA256) => "sha-256",
        nameof(HashAlgorithmName.SHA384) => "sha-384",
        _ => "sha-512",
    };

    private static ValueTask WriteLinesAsync(Stream destination, IEnumerable<string> lines, CancellationToken cancellationToken) =>
        destination.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), cancellationToken);
}
