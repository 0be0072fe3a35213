using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Certificates, loaded once: the same few come with every message, and loading one costs more than verifying with it. Many hold them, so nobody disposes them.</summary>
public static class SharedCertificates
{
    /// <summary>Bytes. What is longer comes from a stranger who means to fill our memory, or rarely.</summary>
    private const int LongestKept = 8 * 1024;

    private static readonly TwoGenerations<ContentHash, X509Certificate2> Known = new(1024);

    /// <param name="encoded">DER.</param>
    /// <exception cref="CryptographicException">It is none, or cannot be read to its last extension.</exception>
    public static X509Certificate2 Load(ReadOnlyMemory<byte> encoded)
    {
        var hash = ContentHash.Of(encoded.Span);
        if (Known.TryGet(hash, out var known))
        {
            return known;
        }

        var certificate = X509CertificateLoader.LoadCertificate(encoded.Span);
        DemandReadable(certificate);
        return encoded.Length > LongestKept ? certificate : Known.Keep(hash, certificate);
    }

    // Loading decodes lazily: what nobody has looked at yet throws wherever somebody looks first.
    private static void DemandReadable(X509Certificate2 certificate)
    {
        _ = (certificate.NotBefore, certificate.NotAfter, certificate.PublicKey);
        foreach (var extension in certificate.Extensions)
        {
            _ = extension switch
            {
                X509SubjectKeyIdentifierExtension identifier => identifier.SubjectKeyIdentifierBytes.Length,
                X509BasicConstraintsExtension constraints => constraints.PathLengthConstraint,
                X509KeyUsageExtension usage => (int)usage.KeyUsages,
                X509EnhancedKeyUsageExtension purposes => purposes.EnhancedKeyUsages.Count,
                _ => 0,
            };
        }
    }
}
