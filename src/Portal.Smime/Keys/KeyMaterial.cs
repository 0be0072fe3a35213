using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Keys;

/// <param name="Certificate">Of the key.</param>
/// <param name="PrivateKeyInfo">DER (RFC 5958).</param>
/// <param name="Chain">Further certificates that lead up from it.</param>
internal sealed record KeyWithCertificate(X509Certificate2 Certificate, byte[] PrivateKeyInfo, IReadOnlyList<X509Certificate2> Chain);

/// <summary>Private keys and certificates as they come out of files, in whatever order.</summary>
internal sealed class KeyMaterial : IDisposable
{
    /// <summary>Of both together.</summary>
    private const int Most = 1000;

    private readonly List<byte[]> _keys = [];
    private readonly List<X509Certificate2> _certificates = [];

    public bool HasKeys => _keys.Count > 0;

    /// <exception cref="CryptographicException">Too many.</exception>
    public void Add(X509Certificate2 certificate)
    {
        DemandFew();
        _certificates.Add(certificate);
    }

    /// <param name="privateKeyInfo">Zeroed with all of this.</param>
    /// <exception cref="CryptographicException">Too many.</exception>
    public void Add(byte[] privateKeyInfo)
    {
        DemandFew();
        _keys.Add(privateKeyInfo);
    }

    /// <summary>A key without its certificate is left out.</summary>
    /// <exception cref="CryptographicException">A key that cannot be read, or of a kind that is not supported.</exception>
    public IReadOnlyList<KeyWithCertificate> Pairs()
    {
        var pairs = new List<KeyWithCertificate>();
        foreach (var info in _keys)
        {
            using var key = SoftwareKey.Import(info, new KeyReference("file", "key", $"{pairs.Count + 1}"));
            var publicKey = key.SubjectPublicKeyInfo();
            if (_certificates.Find(one => one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey)) is { } certificate)
            {
                pairs.Add(new KeyWithCertificate(certificate, info, Chain(certificate)));
            }
        }

        return pairs;
    }

    public void Dispose() => _keys.ForEach(key => CryptographicOperations.ZeroMemory(key));

    private void DemandFew()
    {
        if (_keys.Count + _certificates.Count >= Most)
        {
            throw new CryptographicException("Too many keys and certificates.");
        }
    }

    private List<X509Certificate2> Chain(X509Certificate2 certificate)
    {
        var chain = new List<X509Certificate2>();
        for (var last = certificate; _certificates.Find(one => IsIssuer(one, last) && one != certificate && !chain.Contains(one)) is { } issuer; last = issuer)
        {
            chain.Add(issuer);
        }

        return chain;
    }

    private static bool IsIssuer(X509Certificate2 issuer, X509Certificate2 of) => issuer.SubjectName.RawData.AsSpan().SequenceEqual(of.IssuerName.RawData);
}
