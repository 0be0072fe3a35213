using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Testing;

/// <summary>A certificate and its key as files that openssl reads.</summary>
public sealed record TestHolder(string Address, X509Certificate2 Certificate, string CertificateFile, string KeyFile)
{
    /// <summary>Both in one file, under the password "secret".</summary>
    public async Task<byte[]> Pkcs12Async() => (await OpenSsl.RunAsync([], "pkcs12", "-export", "-legacy", "-in", CertificateFile, "-inkey", KeyFile, "-passout", "pass:secret")).Demand();
}

/// <summary>Somebody's authority outside the portal: made by other code than ours.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("test-authority-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "Test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddYears(-3), now.AddYears(3));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
    }

    public string CertificateFile => Path.Combine(_directory.FullName, "ca.pem");

    public byte[] CertificateBytes => _certificate.RawData;

    /// <param name="address">For subjectAltName.</param>
    /// <param name="validFrom">By default a year ago.</param>
    /// <param name="validUntil">By default in a year.</param>
    /// <param name="usages">By default to sign and to receive; null for a certificate that does not say.</param>
    /// <param name="purpose">Extended key usage, by default emailProtection; null for a certificate that does not say.</param>
    public TestHolder Issue(
        string address,
        DateTimeOffset? validFrom = null,
        DateTimeOffset? validUntil = null,
        X509KeyUsageFlags? usages = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment,
        string? purpose = "1.3.6.1.5.5.7.3.4")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={address.Split('@')[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Issue(request, key, address, validFrom, validUntil, usages, purpose);
    }

    /// <summary>On P-256: one key that signs and agrees.</summary>
    public TestHolder IssueOnCurve(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={address.Split('@')[0]}", key, HashAlgorithmName.SHA256);
        return Issue(request, key, address, null, null, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, "1.3.6.1.5.5.7.3.4");
    }

    /// <summary>For TLS, with its key.</summary>
    public X509Certificate2 IssueForServer(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now.AddDays(-1), now.AddDays(1), [1, .. RandomNumberGenerator.GetBytes(11)]);
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    private TestHolder Issue(
        CertificateRequest request,
        AsymmetricAlgorithm key,
        string address,
        DateTimeOffset? validFrom,
        DateTimeOffset? validUntil,
        X509KeyUsageFlags? usages,
        string? purpose)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usages is { } allowed)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(allowed, true));
        }

        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.Create(
            _certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            validFrom ?? now.AddYears(-1),
            validUntil ?? now.AddYears(1),
            [1, .. RandomNumberGenerator.GetBytes(11)]);
        var file = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file + ".pem", certificate.ExportCertificatePem());
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem());
        return new TestHolder(address, certificate, file + ".pem", file + ".key");
    }
}
