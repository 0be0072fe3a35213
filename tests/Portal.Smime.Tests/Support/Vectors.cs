using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>The RFCs' own examples, which are data of others and not part of this project: they lie beside it, or nowhere.</summary>
internal static class Vectors
{
    /// <summary>When the people of RFC 9216 are judged: any time will do until 2052.</summary>
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string? Folder = Find();

    public static byte[] Read(string path)
    {
        Assert.SkipWhen(Folder is null, "The published S/MIME examples are not here: a folder shared/vectors beside the project, or PORTAL_TEST_VECTORS.");
        return File.ReadAllBytes(Path.Combine(Folder!, path));
    }

    /// <returns>None where the folder is not.</returns>
    public static IReadOnlyList<byte[]> All(string folder, string ending) => Folder is null
        ? []
        : Directory.GetFiles(Path.Combine(Folder, folder), $"*{ending}").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();

    public static X509Certificate2 Certificate(string path) => X509CertificateLoader.LoadCertificate(Read(path));

    /// <summary>PKCS#8, or RSAPrivateKey as RFC 9216 prints those of Alice and Bob.</summary>
    public static SoftwareKey Key(string path)
    {
        var bytes = Read(path);
        var isBare = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence() is var fields && fields.ReadInteger() == 0
            && fields.PeekTag() == Asn1Tag.Integer;
        if (isBare)
        {
            using var rsa = RSA.Create();
            rsa.ImportRSAPrivateKey(bytes, out _);
            bytes = rsa.ExportPkcs8PrivateKey();
        }

        return SoftwareKey.Import(bytes, new KeyReference("vectors", "key", "1"));
    }

    public static TrustStore Trusting(params string[] anchors) =>
        new(anchors.Select(path => new TrustAnchor(Certificate(path), RevocationPolicy.NotPublished)).ToList(), [], []);

    /// <summary>The keys of one person of RFC 9216.</summary>
    public static TestKeys KeysOf(string name) => new(RecipientIdentifier.AllOf(Certificate($"rfc9216/{name}.encrypt.crt.pem"))
        .Select(identifier => new DecryptionKey(identifier, Key($"rfc9216/{name}.decrypt.key.der"))).ToArray());

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PORTAL_TEST_VECTORS") is { Length: > 0 } named)
        {
            return named;
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Portal.sln")))
            {
                var beside = Path.Combine(directory.FullName, "../shared/vectors");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}
