using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Certificates and lists in files as people and servers have them: DER, PEM (RFC 7468), and certs-only messages (RFC 8551 §3.6) in both.</summary>
public static class CertificateFiles
{
    /// <summary>In one file.</summary>
    public const int MostCertificates = 1000;

    private const int LargestCertificate = 64 * 1024;
    private static readonly CmsLimits Limits = new(Recipients: 0, Signers: 100, MostCertificates, StructureBytes: 8 * 1024 * 1024);

    /// <returns>In their order, each once; none when anything in it is no certificate, or when there are too many.</returns>
    public static async Task<IReadOnlyList<X509Certificate2>> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var found = new List<X509Certificate2>();
        try
        {
            foreach (var (label, content) in Blocks(file))
            {
                switch (label)
                {
                    case "" when await CertsOnlyAsync(content, cancellationToken) is { } several:
                        found.AddRange(several);
                        break;
                    case "PKCS7" or "CMS":
                        found.AddRange(await CertsOnlyAsync(content, cancellationToken) ?? throw new CryptographicException());
                        break;
                    case "" or "CERTIFICATE" or "X509 CERTIFICATE":
                        found.Add(Load(content));
                        break;
                }

                if (found.Count > MostCertificates)
                {
                    return [];
                }
            }
        }
        catch (CryptographicException)
        {
            return [];
        }

        return found.DistinctBy(one => ContentHash.Of(one.RawDataMemory.Span)).ToList();
    }

    /// <summary>A private key in the forms that people have it in: PEM says so, and PKCS #12 and PKCS #8 begin with a version.</summary>
    public static bool HoldsPrivateKey(ReadOnlySpan<byte> file)
    {
        if (file.IndexOf("PRIVATE KEY-----"u8) >= 0)
        {
            return true;
        }

        return file is [ContentInfo.Sequence, ..]
            && AsnDecoder.TryReadEncodedValue(file, AsnEncodingRules.BER, out _, out var offset, out _, out _)
            && offset < file.Length
            && file[offset] == (int)UniversalTagNumber.Integer;
    }

    /// <param name="content">DER, one behind the other.</param>
    /// <param name="most">No more than so many are read.</param>
    /// <returns>Those before the first that cannot be read.</returns>
    public static IReadOnlyList<X509Certificate2> Consecutive(ReadOnlyMemory<byte> content, int most)
    {
        var found = new List<X509Certificate2>();
        try
        {
            var reader = new AsnReader(content, AsnEncodingRules.DER);
            while (reader.HasData && found.Count < most)
            {
                found.Add(SharedCertificates.Load(reader.ReadEncodedValue()));
            }
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            // As promised.
        }

        return found;
    }

    /// <returns>DER, not looked into; null when there is none, or more than one.</returns>
    public static ReadOnlyMemory<byte>? RevocationList(ReadOnlyMemory<byte> file) =>
        Blocks(file).Where(one => one.Label is "" or "X509 CRL").ToList() is [var (_, content)] ? content : null;

    /// <returns>One of no label for what is DER.</returns>
    public static IEnumerable<(string Label, ReadOnlyMemory<byte> Content)> Blocks(ReadOnlyMemory<byte> file)
    {
        if (file.Span is [ContentInfo.Sequence, ..])
        {
            return [(string.Empty, file)];
        }

        var blocks = new List<(string, ReadOnlyMemory<byte>)>();
        var text = Encoding.Latin1.GetString(file.Span).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            blocks.Add((text[fields.Label].ToString(), Convert.FromBase64String(text[fields.Base64Data].ToString())));
            text = text[fields.Location.End..];
        }

        return blocks;
    }

    private static X509Certificate2 Load(ReadOnlyMemory<byte> content) =>
        content.Length <= LargestCertificate ? SharedCertificates.Load(content) : throw new CryptographicException();

    /// <returns>Null for what is no SignedData.</returns>
    private static async Task<IEnumerable<X509Certificate2>?> CertsOnlyAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new MemoryStream(content.ToArray());
            using var reader = new BerReader(stream, Limits.StructureBytes);
            if (await ContentInfo.EnterAsync(reader, cancellationToken) != Oids.SignedData)
            {
                return null;
            }

            var signed = await SignedDataReader.ReadAsync(reader, null, Limits, cancellationToken);
            using (signed.Digests)
            {
                return signed.Certificates.Select(Load).ToList();
            }
        }
        catch (Exception exception) when (exception is UnreadableException or AsnContentException)
        {
            return null;
        }
    }
}
