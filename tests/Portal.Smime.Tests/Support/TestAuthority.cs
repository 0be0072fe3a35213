using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>A certificate authority that issues whatever a test asks for, sensible or not.</summary>
internal sealed class TestAuthority
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestAuthority(Func<ECDsa, X509Certificate2> certify) => Certificate = certify(_key);

    public X509Certificate2 Certificate { get; }

    public IPrivateKey Key => new TestKey(_key);

    public string PrivateKeyPem => _key.ExportPkcs8PrivateKeyPem();

    public IssuingAuthority Issuing => new(Certificate, Key, SignatureScheme.EcdsaSha256);

    public static TestAuthority Root(string name) => new(key =>
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        Describe(request);
        return request.CreateSelfSigned(Pki.Now.AddYears(-2), Pki.Now.AddYears(10));
    });

    public TestAuthority Subordinate(string name, Action<CertificateRequest>? change = null) => new(key =>
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        Describe(request);
        change?.Invoke(request);
        return Sign(request, Pki.Now.AddYears(-2), Pki.Now.AddYears(9), HashAlgorithmName.SHA256);
    });

    public X509Certificate2 Issue(CertificateWish wish, AsymmetricAlgorithm key)
    {
        var request = key switch
        {
            RSA rsa => new CertificateRequest(wish.Subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => new CertificateRequest(wish.Subject, ecdsa, HashAlgorithmName.SHA256),
            _ => throw new ArgumentException("Neither RSA nor ECDSA.", nameof(key)),
        };
        foreach (var extension in wish.Extensions(request.PublicKey))
        {
            request.CertificateExtensions.Add(extension);
        }

        return Sign(request, wish.NotBefore, wish.NotAfter, wish.Hash);
    }

    private static void Describe(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter, HashAlgorithmName hash)
    {
        var serialNumber = RandomNumberGenerator.GetBytes(16);
        serialNumber[0] = 0x42;
        var generator = X509SignatureGenerator.CreateForECDsa(_key);
        return request.Create(Certificate.SubjectName, new ChosenHash(generator, hash), notBefore, notAfter, serialNumber);
    }

    // CertificateRequest hashes as it was told at birth; the weak cases need another hash for the issuer's signature.
    private sealed class ChosenHash(X509SignatureGenerator inner, HashAlgorithmName hash) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => hash == HashAlgorithmName.SHA1
            ? [0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]
            : inner.GetSignatureAlgorithmIdentifier(hash);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => inner.SignData(data, hash);

        protected override PublicKey BuildPublicKey() => inner.PublicKey;
    }
}
