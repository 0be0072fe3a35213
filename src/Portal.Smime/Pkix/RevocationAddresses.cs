using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Where a certificate says that its revocation lists are (RFC 5280 §4.2.1.13).</summary>
public static class RevocationAddresses
{
    /// <returns>As they stand there, of whatever scheme; none for a certificate that cannot be read.</returns>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate) =>
        (ParsedCertificate.Of(certificate)?.Extensions.DistributionPoints ?? [])
        .SelectMany(point => point.Name?.FullNames ?? [])
        .Where(name => name.Form == GeneralNameForm.UniformResourceIdentifier)
        .Select(name => name.Text)
        .ToList();
}
