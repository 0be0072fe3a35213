using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Setup.Demo;

/// <summary>A correspondent outside, with a certificate and its key.</summary>
internal sealed record DemoPerson(string Name, string Address, X509Certificate2 Certificate, DemoKey Key) : IDisposable
{
    public Signer Signer => new(Certificate, [], Key, Key.Scheme);

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }
}

/// <summary>An authority outside, which the demo's organisation may trust or not.</summary>
internal sealed class DemoAuthority : IDisposable
{
    private readonly DemoKey _key;
    private readonly DateTimeOffset _since;

    private DemoAuthority(X509Certificate2 certificate, DemoKey key, DateTimeOffset since) => (Certificate, _key, _since) = (certificate, key, since);

    public X509Certificate2 Certificate { get; }

    public static async Task<DemoAuthority> CreateAsync(string name, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var key = DemoKey.P256();
        var template = new CertificateTemplate(CertificateProfile.RootAuthority, Named(name), key.SubjectPublicKeyInfo, since, since.AddYears(10));
        var certificate = await CertificateIssuer.SignAsync(CertificateIssuer.PrepareRoot(template, SignatureScheme.EcdsaSha256), key, cancellationToken);
        return new DemoAuthority(certificate, key, since);
    }

    /// <summary>One pair that signs; with RSA, nothing forbids to encrypt for it as well.</summary>
    public async Task<DemoPerson> IssueAsync(
        string name, string address, DemoKey key, CertificateProfile profile, DateTimeOffset until, CancellationToken cancellationToken)
    {
        _ = AddrSpec.TryParse(address, out var parsed);
        var template = new CertificateTemplate(profile, Named(name), key.SubjectPublicKeyInfo, _since, until) { Addresses = [parsed!] };
        var issuing = new IssuingAuthority(Certificate, _key, SignatureScheme.EcdsaSha256);
        var certificate = await CertificateIssuer.SignAsync(CertificateIssuer.Prepare(template, issuing), _key, cancellationToken);
        return new DemoPerson(name, address, certificate, key);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static X500DistinguishedName Named(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }
}
