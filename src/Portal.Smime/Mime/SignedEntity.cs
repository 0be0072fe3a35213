using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Keys;

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
    /// <summary>Streams; each key is asked once, after the last byte of content. Writes from Content-Type on: what belongs before (From, Date, MIME-Version) is the caller's.</summary>
    /// <param name="entity">A MIME entity, 7bit (RFC 8551 §3.1.2); bare LF becomes CRLF.</param>
    /// <param name="signers">At least one.</param>
    /// <param name="form">How it is wrapped.</param>
    /// <param name="properties">What is signed beside the content.</param>
    /// <param name="destination">Receives the wrapped entity, CRLF.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="Keys.KeyStoreException">A key could not sign; the destination holds a torso.</exception>
    public static async Task WriteAsync(
        Stream entity,
        IReadOnlyList<Signer> signers,
        SignedForm form,
        SigningProperties properties,
        Stream destination,
        CancellationToken cancellationToken)
    {
        if (signers.Count == 0)
        {
            throw new ArgumentException("At least one signer.", nameof(signers));
        }

        using var canonical = new CanonicalStream(entity);
        var writer = new SignedDataWriter(signers, properties);
        await (form switch
        {
            SignedForm.Detached => WriteDetachedAsync(canonical, signers, writer, destination, cancellationToken),
            SignedForm.Opaque => WriteOpaqueAsync(canonical, writer, destination, cancellationToken),
        });
    }

    private static async Task WriteDetachedAsync(
        CanonicalStream entity,
        IReadOnlyList<Signer> signers,
        SignedDataWriter writer,
        Stream destination,
        CancellationToken cancellationToken)
    {
        var boundary = $"=_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        await WriteLinesAsync(
            destination,
            [
                $"Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=\"{Micalg(signers)}\";",
                $" boundary=\"{boundary}\"",
                string.Empty,
                $"--{boundary}",
            ],
            cancellationToken);
        using var digests = ContentToSign.DigestsFor(signers);
        await CopyAsync(entity, digests, destination, cancellationToken);
        var signature = await writer.DetachedAsync(digests, cancellationToken);

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
        SignedDataWriter writer,
        Stream destination,
        CancellationToken cancellationToken)
    {
        await destination.WriteAsync(Pkcs7MimeHeader.Encode("signed-data"), cancellationToken);
        await using var encoder = new Base64LineWriter(destination);
        await writer.WriteOpaqueAsync(entity, encoder, cancellationToken);
        await encoder.CompleteAsync(cancellationToken);
    }

    private static async Task CopyAsync(Stream entity, ContentDigests digests, Stream destination, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await entity.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                digests.Append(buffer.AsSpan(0, read));
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        digests.Complete();
    }

    // RFC 8551 §3.5.3.2: each digest once, separated by commas.
    private static string Micalg(IEnumerable<Signer> signers) =>
        string.Join(',', signers.Select(signer => Micalg(signer.Scheme.Hash())).Distinct());

    private static string Micalg(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA256) => "sha-256",
        nameof(HashAlgorithmName.SHA384) => "sha-384",
        _ => "sha-512",
    };

    private static ValueTask WriteLinesAsync(Stream destination, IEnumerable<string> lines, CancellationToken cancellationToken) =>
        destination.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), cancellationToken);
}
