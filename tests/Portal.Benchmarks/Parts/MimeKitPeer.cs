using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using MimeKit.Cryptography;

#pragma warning disable RS0030 // Measured as a peer; the product decides by its own verdict.
namespace Portal.Benchmarks.Parts;

/// <summary>The same in MimeKit's own S/MIME: AES-256-CBC, for want of AES-GCM, and no path.</summary>
internal sealed class MimeKitPeer : IDisposable
{
    private const string Password = "peer";

    private readonly TemporarySecureMimeContext _context = new();
    private readonly CmsSigner _signer;
    private readonly CmsRecipientCollection _recipients;

    /// <param name="signer">With its private key.</param>
    /// <param name="reader">RSA, with its private key.</param>
    public MimeKitPeer(X509Certificate2 signer, X509Certificate2 reader)
    {
        _signer = new CmsSigner(Pkcs12(signer), Password);
        _context.Import(Pkcs12(reader), Password);
        _recipients = new CmsRecipientCollection
        {
            new CmsRecipient(new CmsSigner(Pkcs12(reader), Password).Certificate)
            {
                EncryptionAlgorithms = [EncryptionAlgorithm.Aes256],
                RsaEncryptionPadding = RsaEncryptionPadding.OaepSha256,
            },
        };
    }

    /// <summary>Signed with P-256, encrypted for RSA-3072.</summary>
    public static CmsTimes Measure()
    {
        const int Small = 10 * 1024, Large = 1024 * 1024;
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var reading = RSA.Create(3072);
        using var signer = SelfSigned(new CertificateRequest("CN=signer", signing, HashAlgorithmName.SHA256));
        using var reader = SelfSigned(new CertificateRequest("CN=reader", reading, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var peer = new MimeKitPeer(signer, reader);
        var small = peer.Protect(Small);
        return new CmsTimes(Time(200, () => peer.Protect(Small)), Time(200, () => peer.Open(small)), Time(20, () => peer.Protect(Large)));
    }

    public ApplicationPkcs7Mime Protect(int length)
    {
        using var text = new TextPart("plain") { Text = Lines(length) };
        return ApplicationPkcs7Mime.SignAndEncrypt(_context, _signer, _recipients, text);
    }

    public void Open(ApplicationPkcs7Mime made)
    {
        foreach (var signature in ((MultipartSigned)made.Decrypt(_context)).Verify(_context))
        {
            signature.Verify(verifySignatureOnly: true);
        }
    }

    public void Dispose() => _context.Dispose();

    private static double Time(int times, Action act)
    {
        for (var i = 0; i < times / 2; i++)
        {
            act();
        }

        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            act();
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds / times;
    }

    private static string Lines(int length) => string.Concat(Enumerable.Repeat(new string('x', 70) + "\n", length / 71));

    private static X509Certificate2 SelfSigned(CertificateRequest request)
    {
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
    }

    private static MemoryStream Pkcs12(X509Certificate2 certificate) => new(certificate.Export(X509ContentType.Pkcs12, Password));
}
