using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>A TBSCertificate whose serial number can be recorded before anything is signed.</summary>
/// <param name="SerialNumber">16 random bytes, positive, big endian.</param>
/// <param name="Encoded">DER.</param>
/// <param name="Scheme">The signature algorithm that it names.</param>
public sealed record ToBeSignedCertificate(ReadOnlyMemory<byte> SerialNumber, ReadOnlyMemory<byte> Encoded, SignatureScheme Scheme);

/// <summary>Makes certificates in two steps, so that the intent is on record before the key is used.</summary>
public static class CertificateIssuer
{
    /// <exception cref="ArgumentException">The template contradicts its profile.</exception>
    public static ToBeSignedCertificate Prepare(CertificateTemplate template, IssuingAuthority authority) => throw new NotImplementedException();

    /// <param name="template">Of <see cref="CertificateProfile.RootAuthority"/>.</param>
    /// <param name="scheme">What the root's own key computes.</param>
    public static ToBeSignedCertificate PrepareRoot(CertificateTemplate template, SignatureScheme scheme) => throw new NotImplementedException();

    /// <param name="toBeSigned">As prepared.</param>
    /// <param name="key">The authority's key; the root's own for a root.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    public static Task<X509Certificate2> SignAsync(ToBeSignedCertificate toBeSigned, IPrivateKey key, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
