using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Benchmarks.Parts;

/// <summary>A root, an issuing authority, a signer and a reader, for us and as files for the peer in C.</summary>
internal sealed class EnginePki : IDisposable
{
    public const string Address = "signer@example.test";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-engine-");
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly SoftwareKey _signing;
    private readonly SoftwareKey _reading;

    /// <param name="kind">RSA-2048 or P-256, of signer and reader; the authorities are the same kind.</param>
    public EnginePki(string kind)
    {
        var (root, rootKey) = Issue(kind, "root", null, null, isAuthority: true);
        var (issuing, issuingKey) = Issue(kind, "issuing", root, rootKey, isAuthority: true);
        var (signer, signerKey) = Issue(kind, "signer", issuing, issuingKey, isAuthority: false);
        var (reader, readerKey) = Issue(kind, "reader", issuing, issuingKey, isAuthority: false);
        _signing = SoftwareKey.Import(signerKey.ExportPkcs8PrivateKey(), new KeyReference("bench", "signer", "1"));
        _reading = SoftwareKey.Import(readerKey.ExportPkcs8PrivateKey(), new KeyReference("bench", "reader", "1"));
        Signer = new Signer(signer, [issuing], _signing, KeySchemes.OfSigner(signer)!.Value);
        Recipient = new RecipientCertificate(reader, KeyTransportScheme.RsaOaepSha256);
        Trust = new TrustStore([new TrustAnchor(root, RevocationPolicy.NotPublished)], [], []);
        Keys = new OneKey(RecipientIdentifier.AllOf(reader).Select(identifier => new DecryptionKey(identifier, _reading)).ToList());
    }

    public Signer Signer { get; }

    public RecipientCertificate Recipient { get; }

    public TrustStore Trust { get; }

    public IDecryptionKeys Keys { get; }

    public OpeningContext Context => new(Trust, Keys, _now);

    /// <summary>For the peer in C.</summary>
    public string FilesIn => _directory.FullName;

    public DateTimeOffset Now => _now;

    /// <summary>For the peer in MimeKit.</summary>
    /// <param name="name">signer or reader.</param>
    public X509Certificate2 WithPrivateKey(string name) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(FilesIn, $"{name}.pem"), Path.Combine(FilesIn, $"{name}.key"));

    public void Dispose()
    {
        _signing.Dispose();
        _reading.Dispose();
        _directory.Delete(recursive: true);
    }

    private (X509Certificate2 Certificate, AsymmetricAlgorithm Key) Issue(
        string kind, string name, X509Certificate2? issuer, AsymmetricAlgorithm? issuerKey, bool isAuthority)
    {
        AsymmetricAlgorithm key = kind == "P-256" ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(2048);
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var usage = X509KeyUsageFlags.DigitalSignature | (key is RSA ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.KeyAgreement);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(isAuthority ? X509KeyUsageFlags.KeyCertSign : usage, true));
        if (!isAuthority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress($"{name}@example.test");
            request.CertificateExtensions.Add(names.Build());
        }

        var generator = (issuerKey ?? key) switch
        {
            RSA by => X509SignatureGenerator.CreateForRSA(by, RSASignaturePadding.Pkcs1),
            ECDsa by => X509SignatureGenerator.CreateForECDsa(by),
            _ => throw new InvalidOperationException("Neither RSA nor ECDSA."),
        };
        var certificate = request.Create(
            issuer?.SubjectName ?? new X500DistinguishedName($"CN={name}"), generator, _now.AddDays(-1), _now.AddDays(30 - (issuer is null ? 0 : isAuthority ? 1 : 2)), [1, .. RandomNumberGenerator.GetBytes(8)]);
        File.WriteAllText(Path.Combine(_directory.FullName, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_directory.FullName, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return (certificate, key);
    }

    private sealed class OneKey(IReadOnlyList<DecryptionKey> keys) : IDecryptionKeys
    {
        public Task<IReadOnlyList<DecryptionKey>> FindAsync(IReadOnlyList<RecipientIdentifier> recipients, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<DecryptionKey>>(keys.Where(key => recipients.Contains(key.Recipient)).ToList());
    }
}
