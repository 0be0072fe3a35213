using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

public static class CertificateNames
{
    /// <summary>Subject and issuer are the same, as they are encoded.</summary>
    public static bool IsSelfIssued(this X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>The subject's common name, or what stands for it; the whole subject where there is none. Whoever wrote it is a stranger.</summary>
    public static string DisplayName(this X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name ? name : certificate.Subject;
}
