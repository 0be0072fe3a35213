using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>What a certificate says that it is for, by kind of key (RFC 3279 §2.3, RFC 5280 §4.2.1).</summary>
public sealed class CertificateFitnessTests
{
    private static readonly CertificateWish Good = new("dora@example.org");
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, true, false)]
    [InlineData(X509KeyUsageFlags.KeyAgreement, false, true)]
    [InlineData(X509KeyUsageFlags.DigitalSignature, false, false)]
    [InlineData(null, true, true)]
    public void RSA_keys_are_transported_to_and_curves_agree(X509KeyUsageFlags? usage, bool rsa, bool curve)
    {
        Assert.Equal(rsa ? [] : [CertificateFlaw.WrongKeyUsage], ForEncryption(Good with { KeyUsage = usage }, Rsa));
        Assert.Equal(curve ? [] : [CertificateFlaw.WrongKeyUsage], ForEncryption(Good with { KeyUsage = usage }, Curve));
    }

    [Fact]
    public void An_encryption_key_signs_nothing() =>
        Assert.Equal([CertificateFlaw.WrongKeyUsage], CertificateFitness.ForSigning(Pki.Issuing.Issue(Good with { KeyUsage = X509KeyUsageFlags.KeyEncipherment }, Rsa), Pki.Now));

    [Fact]
    public void An_authority_signs_no_mail() =>
        Assert.Equal([CertificateFlaw.AuthorityCertificate], CertificateFitness.ForSigning(Pki.Issuing.Issue(Good with { IsAuthority = true }, Curve), Pki.Now));

    [Fact]
    public void Another_purpose_than_mail_is_named()
    {
        Assert.Equal([CertificateFlaw.WrongExtendedKeyUsage], ForEncryption(Good with { KeyUsage = null, Purposes = ["1.3.6.1.5.5.7.3.1"] }, Rsa));
        Assert.Empty(ForEncryption(Good with { KeyUsage = null, Purposes = [Oids.AnyExtendedKeyUsage] }, Rsa));
        Assert.Empty(ForEncryption(Good with { KeyUsage = null, Purposes = null }, Rsa));
    }

    [Fact]
    public void Time_is_judged_to_the_second()
    {
        var wish = Good with { KeyUsage = null, NotBefore = Pki.Now, NotAfter = Pki.Now };

        Assert.Empty(ForEncryption(wish, Rsa));
        Assert.Equal([CertificateFlaw.Expired], ForEncryption(wish with { NotBefore = Pki.Now.AddDays(-1), NotAfter = Pki.Now.AddSeconds(-1) }, Rsa));
        Assert.Equal([CertificateFlaw.NotYetValid], ForEncryption(wish with { NotBefore = Pki.Now.AddSeconds(1), NotAfter = Pki.Now.AddDays(1) }, Rsa));
    }

    [Fact]
    public void A_short_key_is_weak()
    {
        using var small = RSA.Create(1024);

        Assert.Equal([CertificateFlaw.WeakKey], ForEncryption(Good with { KeyUsage = null }, small));
    }

    private static IReadOnlyList<CertificateFlaw> ForEncryption(CertificateWish wish, AsymmetricAlgorithm key) =>
        CertificateFitness.ForEncryption(Pki.Issuing.Issue(wish, key), Pki.Now);
}
