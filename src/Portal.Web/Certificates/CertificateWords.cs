using Portal.Application;
using Portal.Application.Audit;
using Portal.Application.Certificates;

namespace Portal.Web.Certificates;

/// <summary>Certificates in words.</summary>
internal static class CertificateWords
{
    public static string Kind(CertificateKind kind) => kind switch
    {
        CertificateKind.RootAuthority => CertificateTexts.RootAuthority,
        CertificateKind.IssuingAuthority => CertificateTexts.IssuingAuthority,
        CertificateKind.Signing => CertificateTexts.Signing,
        CertificateKind.Encryption => CertificateTexts.Encryption,
        CertificateKind.OcspResponder => CertificateTexts.OcspResponder,
        CertificateKind.NoticeSigning => CertificateTexts.NoticeSigning,
        CertificateKind.Correspondent => CertificateTexts.Correspondent,
    };

    public static string Condition(CertificateCondition condition) => condition switch
    {
        CertificateCondition.Good => CertificateTexts.Good,
        CertificateCondition.Suspended => CertificateTexts.Suspended,
        CertificateCondition.Revoked => CertificateTexts.Revoked,
        CertificateCondition.Expired => CertificateTexts.Expired,
        CertificateCondition.Unfinished => CertificateTexts.Unfinished,
        CertificateCondition.Requested => CertificateTexts.Requested,
    };

    public static string Cause(RevocationCause cause) => cause switch
    {
        RevocationCause.Unspecified => CertificateTexts.CauseUnspecified,
        RevocationCause.KeyCompromise => CertificateTexts.CauseKeyCompromise,
        RevocationCause.AffiliationChanged => CertificateTexts.CauseAffiliationChanged,
        RevocationCause.Superseded => CertificateTexts.CauseSuperseded,
        RevocationCause.CessationOfOperation => CertificateTexts.CauseCessationOfOperation,
        RevocationCause.PrivilegeWithdrawn => CertificateTexts.CausePrivilegeWithdrawn,
    };

    public static string Holder(CertificateRow row) => row.Holder switch
    {
        null => row.Name ?? row.Address ?? row.SerialNumber,
        "" => CertificateTexts.SomebodyWhoLeft,
        var name => name,
    };

    public static string Event(AuditAction action) => action switch
    {
        AuditAction.CertificateRevoked => CertificateTexts.WasRevoked,
        AuditAction.CertificateSuspended => CertificateTexts.WasSuspended,
        AuditAction.CertificateResumed => CertificateTexts.WasResumed,
        AuditAction.CertificateHarvested => CertificateTexts.Harvested,
        _ => CertificateTexts.Issued,
    };

    public static string By(CertificateEvent one) => one.Who switch
    {
        null => CertificateTexts.ByPortal,
        "" => CertificateTexts.BySomebodyWhoLeft,
        var name => CertificateTexts.By.With(name),
    };

    /// <summary>How many messages, and when.</summary>
    public static string Uses(CertificateUse uses, Func<DateTimeOffset, string> day)
    {
        if (uses is not { First: { } first, Last: { } last })
        {
            return CertificateTexts.UsesNone;
        }

        string[] counts = [.. uses.MessagesSigned > 0 ? [CertificateTexts.UsesSigned.With(uses.MessagesSigned)] : Array.Empty<string>(), .. uses.MessagesEncrypted > 0 ? [CertificateTexts.UsesEncrypted.With(uses.MessagesEncrypted)] : Array.Empty<string>()];
        var (words, since, until) = (string.Join(", ", counts), day(first), day(last));
        return since == until ? CertificateTexts.UsesOn.With(words, since) : CertificateTexts.UsesBetween.With(words, since, until);
    }
}
