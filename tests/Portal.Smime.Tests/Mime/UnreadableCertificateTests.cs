using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Certificates decode lazily: whatever nobody has looked at yet may still be garbage.</summary>
public sealed class UnreadableCertificateTests
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData(Oids.SubjectKeyIdentifier)]
    [InlineData(Oids.BasicConstraints)]
    [InlineData(Oids.KeyUsage)]
    [InlineData(Oids.ExtendedKeyUsage)]
    public async Task A_signer_whose_certificate_cannot_be_read_has_none(string extension)
    {
        var opened = await OpenAsync(Certificate(new X509Extension(extension, [0x13, 0x01, 0x00], critical: false)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.CertificateMissing, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Theory]
    [InlineData(Oids.SubjectAltName)]
    [InlineData(Oids.AuthorityKeyIdentifier)]
    [InlineData(Oids.CrlDistributionPoints)]
    [InlineData(Oids.CertificatePolicies)]
    [InlineData("2.5.29.30")]
    [InlineData("2.5.29.36")]
    public async Task Other_unreadable_extensions_end_in_a_verdict_too(string extension)
    {
        foreach (var critical in new[] { true, false })
        {
            var opened = await OpenAsync(Certificate(new X509Extension(extension, [0x13, 0x01, 0x00], critical)));
            Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
        }
    }

    [Fact]
    public async Task A_validity_that_is_no_time_ends_in_a_verdict()
    {
        var good = Certificate();
        var time = Mail.Bytes($"{good.NotAfter.ToUniversalTime():yyMMddHHmmss}Z");
        foreach (var broken in new[] { "999999999999Z", "9913010000000", "aaaaaaaaaaaaa", "000000000000Z" })
        {
            var structure = Mail.Structure(await SignAsync(good));
            var changed = Forgery.Replace(structure, time, Mail.Bytes(broken));
            var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, changed)));
            Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
        }
    }

    [Fact]
    public void A_certificate_without_readable_key_identifier_is_named_by_issuer_and_serial_number_only() =>
        Assert.IsType<RecipientIdentifier.IssuerAndSerialNumber>(
            Assert.Single(RecipientIdentifier.AllOf(Certificate(new X509Extension(Oids.SubjectKeyIdentifier, [0x13, 0x01, 0x00], critical: false)))));

    [Fact]
    public async Task Cancelling_is_not_a_verdict()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var message = Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var path = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            await path.WriteAsync(message, CancellationToken.None);
            await using var opened = await MessageOpener.OpenAsync(path, Opened.Context(), source.Token);
        });
    }

    private static X509Certificate2 Certificate(params X509Extension[] extensions)
    {
        var request = new CertificateRequest("CN=Odd", Key, HashAlgorithmName.SHA256);
        Array.ForEach(extensions, request.CertificateExtensions.Add);
        var generator = X509SignatureGenerator.CreateForECDsa(Key);
        return request.Create(request.SubjectName, generator, Pki.Now.AddDays(-1), Pki.Now.AddDays(1), [0x42]);
    }

    private static Task<byte[]> SignAsync(X509Certificate2 certificate) =>
        Mail.SignAsync(Mail.Bytes(Mail.Text), new Signer(certificate, [], new TestKey(Key), SignatureScheme.EcdsaSha256));

    private static async Task<Opened> OpenAsync(X509Certificate2 certificate) => await Opened.FromAsync(Mail.Message(await SignAsync(certificate)));
}
