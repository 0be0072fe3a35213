using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Smime.Dkim;

/// <param name="Domain">d=: the one that answers for the message.</param>
/// <param name="Selector">s=: which of its keys.</param>
/// <param name="Key">RSA; signs digests.</param>
public sealed record DkimSigner(string Domain, string Selector, IPrivateKey Key);

/// <summary>Makes a DKIM-Signature field: rsa-sha256, relaxed/relaxed (RFC 6376, RFC 8301).</summary>
public static class DkimSignature
{
    // Each is covered as often as it is there; the first five once more, so that none can be added.
    private static readonly string[] Covered =
    [
        "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
    ];

    private const int Sealed = 5;
    private const int LineLength = 72;

    /// <param name="message">Header and body with CRLF, seekable; read from its beginning.</param>
    /// <param name="signer">In whose name.</param>
    /// <param name="at">t=.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The field with its CRLF, to stand before everything else.</returns>
    /// <exception cref="KeyStoreException">The key does not answer.</exception>
    /// <exception cref="InvalidDataException">The message has no From, or a header that cannot be read.</exception>
    public static async Task<byte[]> WriteAsync(Stream message, DkimSigner signer, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var header = await HeaderAsync(message, cancellationToken);
        message.Position = header.BodyOffset;
        var bodyHash = Convert.ToBase64String(await RelaxedBody.HashAsync(message, cancellationToken));
        var names = Names(header);
        var unsigned = new HeaderField("DKIM-Signature", string.Create(
            CultureInfo.InvariantCulture,
            $" v=1; a=rsa-sha256; c=relaxed/relaxed; d={signer.Domain};\r\n\ts={signer.Selector}; t={at.ToUnixTimeSeconds()};\r\n\th={Folded(names, ":")};\r\n\tbh={bodyHash};\r\n\tb="));
        var signature = await signer.Key.SignDigestAsync(Digest(header, names, unsigned), SignatureScheme.RsaPkcs1Sha256, cancellationToken);
        var value = Folded(Convert.ToBase64String(signature.Span).Chunk(LineLength - 8).Select(part => new string(part)), string.Empty);
        return Encoding.Latin1.GetBytes($"{unsigned.Name}:{unsigned.Value}{value}\r\n");
    }

    private static async Task<HeaderBlock> HeaderAsync(Stream message, CancellationToken cancellationToken)
    {
        try
        {
            var header = await HeaderBlock.ReadAsync(message, OpeningLimits.Default, cancellationToken);
            return header.All("From").Count() == 1 ? header : throw new InvalidDataException("A message is signed in the name of its one From.");
        }
        catch (UnreadableException exception)
        {
            throw new InvalidDataException("The header cannot be read.", exception);
        }
    }

    private static List<string> Names(HeaderBlock header) =>
        [.. Covered.SelectMany((name, index) => Enumerable.Repeat(name, header.All(name).Count() + (index < Sealed ? 1 : 0)))];

    /// <summary>RFC 6376 §3.7: fields of one name from the bottom up, those that are not there as nothing, and the signature's own field last.</summary>
    private static byte[] Digest(HeaderBlock header, List<string> names, HeaderField unsigned)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = names.Distinct().ToDictionary(name => name, name => new Stack<HeaderField>(header.All(name)));
        foreach (var name in names)
        {
            if (left[name].TryPop(out var field))
            {
                hash.AppendData(RelaxedHeader.Of(field));
                hash.AppendData("\r\n"u8);
            }
        }

        hash.AppendData(RelaxedHeader.Of(unsigned));
        return hash.GetHashAndReset();
    }

    private static string Folded(IEnumerable<string> parts, string separator)
    {
        var (text, line) = (new StringBuilder(), 0);
        foreach (var part in parts)
        {
            if (text.Length > 0)
            {
                text.Append(separator);
            }

            if (line > 0 && line + part.Length + separator.Length > LineLength)
            {
                text.Append("\r\n\t");
                line = 0;
            }

            text.Append(part);
            line += part.Length + separator.Length;
        }

        return text.ToString();
    }
}
