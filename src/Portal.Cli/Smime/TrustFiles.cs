using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>What is trusted, from files: PEM with any number of certificates, or DER.</summary>
internal static class TrustFiles
{
    public static Option<FileInfo[]> Option() => new("--trust")
    {
        HelpName = "CA.pem",
        Description = "Certificates of authorities that are trusted, PEM or DER; may be given several times. Of a file with a root in it, the others are intermediates.",
        CustomParser = Typed.Files,
    };

    public static Option<FileInfo[]> ListOption() => new("--crl")
    {
        HelpName = "FILE",
        Description = "Revocation lists, PEM or DER. With any, a fresh list has to say good of every certificate; without, the anchors count as publishing none.",
        CustomParser = Typed.Files,
    };

    /// <exception cref="CryptographicException">In words: which file, and what is wrong with it.</exception>
    public static async Task<TrustStore> ReadAsync(FileInfo[] trusted, FileInfo[] intermediates, FileInfo[] lists, CancellationToken cancellationToken)
    {
        var policy = lists.Length > 0 ? RevocationPolicy.Required : RevocationPolicy.NotPublished;
        var anchors = new List<TrustAnchor>();
        var between = new List<X509Certificate2>();
        foreach (var file in trusted)
        {
            var certificates = await CertificatesAsync(file, cancellationToken);
            var roots = certificates.Where(CertificateNames.IsSelfIssued).ToList();
            anchors.AddRange((roots.Count > 0 ? roots : certificates).Select(certificate => new TrustAnchor(certificate, policy)));
            between.AddRange(roots.Count > 0 ? certificates.Except(roots) : []);
        }

        foreach (var file in intermediates)
        {
            between.AddRange(await CertificatesAsync(file, cancellationToken));
        }

        var revocationLists = new List<RevocationList>();
        foreach (var file in lists)
        {
            revocationLists.AddRange(await ListsAsync(file, cancellationToken));
        }

        return new TrustStore(anchors, between, revocationLists);
    }

    /// <returns>At least one.</returns>
    public static async Task<IReadOnlyList<X509Certificate2>> CertificatesAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await BlocksAsync(file, "CERTIFICATE", cancellationToken)).ConvertAll(block => X509CertificateLoader.LoadCertificate(block));
            return found.Count > 0 ? found : throw new CryptographicException();
        }
        catch (CryptographicException exception)
        {
            throw new CryptographicException($"{file.Name} is no certificate in PEM or DER.", exception);
        }
    }

    private static async Task<IEnumerable<RevocationList>> ListsAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var blocks = await BlocksAsync(file, "X509 CRL", cancellationToken);
        var lists = blocks.Select(block => RevocationList.TryParse(block, out var list) ? list : null).OfType<RevocationList>().ToList();
        return lists.Count == blocks.Count && lists.Count > 0
            ? lists
            : throw new CryptographicException($"{file.Name} is no revocation list that can be relied on, in PEM or DER.");
    }

    private static async Task<List<byte[]>> BlocksAsync(FileInfo file, string label, CancellationToken cancellationToken)
    {
        var bytes = await NamedFile.ReadAsync(file, cancellationToken);
        if (bytes is [0x30, ..])
        {
            return [bytes];
        }

        var blocks = new List<byte[]>();
        var text = System.Text.Encoding.Latin1.GetString(bytes).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label].SequenceEqual(label))
            {
                blocks.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            }

            text = text[fields.Location.End..];
        }

        return blocks;
    }
}
