using Portal.Application.SecureLinks;
using Portal.Application.Trust;

namespace Portal.Web.SecureLinks;

/// <summary>What became of a reader's certificate, in words.</summary>
internal static class CertificateWords
{
    public static string Of(HandedInCertificate outcome) => outcome switch
    {
        HandedInCertificate.Kept => ReaderCertificateTexts.SaidKept,
        HandedInCertificate.Waiting => ReaderCertificateTexts.SaidWaiting,
        HandedInCertificate.TooLarge => ReaderCertificateTexts.TooLarge,
        HandedInCertificate.PrivateKey => ReaderCertificateTexts.PrivateKey,
        HandedInCertificate.Unreadable => ReaderCertificateTexts.Unreadable,
        HandedInCertificate.OtherAddress => ReaderCertificateTexts.OtherAddress,
        HandedInCertificate.Expired => ReaderCertificateTexts.Expired,
        HandedInCertificate.NotYetValid => ReaderCertificateTexts.NotYetValid,
        HandedInCertificate.NotForEncryption => ReaderCertificateTexts.NotForEncryption,
        HandedInCertificate.WeakKey => ReaderCertificateTexts.WeakKey,
        HandedInCertificate.NotTrusted => ReaderCertificateTexts.NotTrusted,
        HandedInCertificate.ProofNotShown => MailboxTexts.ProofsHeld,
        HandedInCertificate.NotHere or HandedInCertificate.KeyUnavailable => ReaderCertificateTexts.Away,
    };

    public static string Standing(ReaderCertificateView one) => one.Suitability switch
    {
        CertificateSuitability.Suitable when one is { IsUsed: true, IsHandedIn: false } => ReaderCertificateTexts.UsedByMail,
        CertificateSuitability.Suitable => one.IsUsed ? ReaderCertificateTexts.Used : ReaderCertificateTexts.Another,
        CertificateSuitability.Untrusted => ReaderCertificateTexts.Waits,
        CertificateSuitability.RevocationUnknown => ReaderCertificateTexts.Unchecked,
        CertificateSuitability.Revoked => ReaderCertificateTexts.Revoked,
        CertificateSuitability.Expired or CertificateSuitability.NotYetValid or CertificateSuitability.Former => ReaderCertificateTexts.Ended,
    };
}
