using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>What a test wants in a certificate. By default a good one for mail.</summary>
internal sealed record CertificateWish(params string[] Addresses)
{
    public string Subject { get; init; } = "CN=Test Person";

    public DateTimeOffset NotBefore { get; init; } = Pki.Now.AddDays(-30);

    public DateTimeOffset NotAfter { get; init; } = Pki.Now.AddDays(300);

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>Null for none.</summary>
    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;

    /// <summary>Object identifiers; null for none.</summary>
    public string[]? Purposes { get; init; } = [Oids.EmailProtection];

    public bool IsAuthority { get; init; }

    public IReadOnlyList<X509Extension> Further { get; init; } = [];

    public IEnumerable<X509Extension> Extensions(PublicKey key)
    {
        yield return new X509BasicConstraintsExtension(IsAuthority, false, 0, critical: true);
        yield return new X509SubjectKeyIdentifierExtension(key, critical: false);
        if (KeyUsage is { } usage)
        {
            yield return new X509KeyUsageExtension(usage, critical: true);
        }

        if (Purposes is { } purposes)
        {
            var oids = new OidCollection();
            Array.ForEach(purposes, purpose => oids.Add(new Oid(purpose)));
            yield return new X509EnhancedKeyUsageExtension(oids, critical: false);
        }

        if (Addresses.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(Addresses, names.AddEmailAddress);
            yield return names.Build();
        }

        foreach (var extension in Further)
        {
            yield return extension;
        }
    }
}
