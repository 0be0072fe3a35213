using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Signers who are named by their key, for which several certificates are there.</summary>
public sealed class SeveralCandidatesTests
{
    private static readonly Person Former = Person.With(
        Pki.Alice.Address, Pki.Alice.Key, new CertificateWish(Pki.Alice.Address) { NotBefore = Pki.Now.AddDays(-400), NotAfter = Pki.Now.AddDays(-35) });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_renewed_certificate_the_newer_one_is_meant(bool newerFirst)
    {
        X509Certificate2[] both = newerFirst ? [Pki.Alice.Certificate, Former.Certificate] : [Former.Certificate, Pki.Alice.Certificate];
        var message = Mail.MultipartSigned(Mail.Text, Forgery.SignedData(null, [.. both, Pki.Issuing.Certificate], await SignerInfoAsync()));

        var opened = await Opened.FromAsync(Mail.Message(message));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Fact]
    public async Task Sixteen_signers_and_a_hundred_certificates_are_not_all_tried()
    {
        var certificates = Enumerable.Range(0, 100).Select(_ => Person.With(Pki.Alice.Address, Pki.Alice.Key).Certificate).ToList();
        var broken = await SignerInfoAsync();
        broken[^1] ^= 1;
        var message = Mail.MultipartSigned(Mail.Text, Forgery.SignedData(null, certificates, [.. Enumerable.Repeat(broken, 16)]));

        var opened = await Opened.FromAsync(Mail.Message(message));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(16, opened.Summary.Signers.Count);
        Assert.Equal([SignerReason.TooComplex], opened.Summary.Signers[^1].Reasons);
        Assert.NotEqual([SignerReason.TooComplex], opened.Summary.Signers[0].Reasons);
    }

    // Without SigningCertificateV2, which would say which one is meant.
    private static async Task<byte[]> SignerInfoAsync()
    {
        using var bench = new Workbench();
        var text = bench.Write("text", Mail.Bytes(Mail.Text));
        var signed = await bench.RunAsync("cms", "-sign", "-binary", "-keyid", "-in", text, "-signer", bench.CertificateOf(Pki.Alice), "-inkey", bench.KeyOf(Pki.Alice), "-md", "sha256", "-outform", "DER");
        return Forgery.SignerInfo(signed);
    }
}
