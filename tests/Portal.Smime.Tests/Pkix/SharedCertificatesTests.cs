using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

public sealed class SharedCertificatesTests
{
    [Fact]
    public void Is_loaded_once()
    {
        var encoded = Pki.Alice.Certificate.RawData;

        Assert.Same(SharedCertificates.Load(encoded), SharedCertificates.Load(encoded.ToArray()));
    }

    /// <summary>Two thousand of them, 4 MB each, would be all the memory there is.</summary>
    [Fact]
    public void Keeps_none_that_is_very_long()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Long", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[20_000], critical: false));
        using var certificate = request.CreateSelfSigned(Pki.Now, Pki.Now.AddDays(1));

        Assert.NotSame(SharedCertificates.Load(certificate.RawData), SharedCertificates.Load(certificate.RawData));
    }
}
