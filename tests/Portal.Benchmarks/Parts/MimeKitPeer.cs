using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using MimeKit.Cryptography;

#pragma warning disable RS0030 // Measured as a peer; the product decides by its own verdict.
namespace Portal.Benchmarks.Parts;

/// <summary>The same in MimeKit: signed with P-256, encrypted for RSA-3072 with OAEP; AES-256-CBC, for want of AES-GCM.</summary>
internal static class MimeKitPeer
{
    private const string Password = "peer";

    public static CmsTimes Measure()
    {
        using var context = new TemporarySecureMimeContext();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var reading = RSA.Create(3072);
        var signer = new CmsSigner(Pkcs12(new CertificateRequest("CN=signer", signing, HashAlgorithmName.SHA256)), Password);
        var reader = Pkcs12(new CertificateRequest("CN=reader", reading, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        context.Import(reader, Password);
        reader.Position = 0;
        var recipients = new CmsRecipientCollection
        {
            new CmsRecipient(new CmsSigner(reader, Password).Certificate)
            {
                EncryptionAlgorithms = [EncryptionAlgorithm.Aes256],
                RsaEncryptionPadding = RsaEncryptionPadding.OaepSha256,
            },
        };

        ApplicationPkcs7Mime Protect(int length) => ApplicationPkcs7Mime.SignAndEncrypt(context, signer, recipients, new TextPart("plain") { Text = Lines(length) });
        void Open(ApplicationPkcs7Mime made)
        {
            foreach (var signature in ((MultipartSigned)made.Decrypt(context)).Verify(context))
            {
                signature.Verify(verifySignatureOnly: true);
            }
        }

        const int Small = 10 * 1024, Large = 1024 * 1024;
        var small = Protect(Small);
        return new CmsTimes(Time(200, () => Protect(Small)), Time(200, () => Open(small)), Time(20, () => Protect(Large)));
    }

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

    private static MemoryStream Pkcs12(CertificateRequest request)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
        return new MemoryStream(certificate.Export(X509ContentType.Pkcs12, Password));
    }
}
