using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

/// <summary>Nobody is served by a signature that no reader accepts, or by mail that its reader cannot open.</summary>
internal static class FitCertificate
{
    /// <exception cref="CryptographicException">In words: which file, and why its key signs nothing.</exception>
    public static void DemandToSign(string file, X509Certificate2 certificate, DateTimeOffset now) =>
        Demand(file, certificate, CertificateFitness.ForSigning(certificate, now), "for signing mail");

    /// <exception cref="CryptographicException">In words: which file, and why nothing is encrypted for it.</exception>
    public static void DemandToReceive(string file, X509Certificate2 certificate, DateTimeOffset now) =>
        Demand(file, certificate, CertificateFitness.ForEncryption(certificate, now), "for encryption");

    private static void Demand(string file, X509Certificate2 certificate, IReadOnlyList<CertificateFlaw> flaws, string purpose)
    {
        if (flaws is [var flaw, ..])
        {
            throw new CryptographicException($"{file}: The certificate of {certificate.Subject} {Words(flaw, certificate, purpose)}.");
        }
    }

    private static string Words(CertificateFlaw flaw, X509Certificate2 certificate, string purpose) => flaw switch
    {
        CertificateFlaw.Malformed => "cannot be read",
        CertificateFlaw.Expired => $"expired at {certificate.NotAfter.ToUniversalTime():u}",
        CertificateFlaw.NotYetValid => $"is not valid before {certificate.NotBefore.ToUniversalTime():u}",
        CertificateFlaw.WeakKey => "has a key that is too weak, or of a kind that is not known here",
        CertificateFlaw.WrongKeyUsage => $"is not {purpose}, by its key usage or the kind of its key",
        CertificateFlaw.WrongExtendedKeyUsage => "is not for mail, by its extended key usage",
        CertificateFlaw.AuthorityCertificate => "is an authority's, and signs no mail",
    };
}
