using Portal.Application.Certificates;
using Portal.Application.Trust;

namespace Portal.Web.Trust;

/// <summary>Whose certificate is used, and why, in words.</summary>
internal static class ContactWords
{
    public static string Source(CertificateSource source) => source switch
    {
        CertificateSource.SignedMail => ContactTexts.FromMail,
        CertificateSource.Directory => ContactTexts.FromDirectory,
        CertificateSource.Upload => ContactTexts.FromFile,
        CertificateSource.HandedIn => ContactTexts.FromReader,
        _ => ContactTexts.FromHere,
    };

    public static string Why(ContactCertificate certificate) => certificate.Suitability switch
    {
        CertificateSuitability.Suitable => certificate.IsChosen ? ContactTexts.WhyChosen : ContactTexts.WhyAnother,
        CertificateSuitability.Former => ContactTexts.WhyFormer,
        CertificateSuitability.Expired => ContactTexts.WhyExpired,
        CertificateSuitability.NotYetValid => ContactTexts.WhyNotYet,
        CertificateSuitability.Revoked => ContactTexts.WhyRevoked,
        CertificateSuitability.RevocationUnknown => ContactTexts.WhyUnknown,
        CertificateSuitability.Untrusted => ContactTexts.WhyUntrusted,
    };

    public static string Of(ContactUpload outcome) => outcome switch
    {
        ContactUpload.Kept => ContactTexts.Kept,
        ContactUpload.NoCertificate => ContactTexts.NoCertificate,
        ContactUpload.OtherAddress => ContactTexts.OtherAddress,
        ContactUpload.Unfit => ContactTexts.Unfit,
        ContactUpload.NotTrusted => ContactTexts.NotTrusted,
        ContactUpload.Inside => ContactTexts.Inside,
    };
}
