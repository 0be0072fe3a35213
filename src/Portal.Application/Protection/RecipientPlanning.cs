using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Application.Trust;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Protection;

/// <summary>Decides, recipient by recipient, how a message is protected.</summary>
internal sealed class RecipientPlanning(RecipientCertificates certificates)
{
    public async Task<PlannedRecipient> PlanAsync(
        OrganisationId organisation, UnknownSoftware unknown, AddrSpec address, RecipientField field, CancellationToken cancellationToken) =>
        await certificates.FindAsync(organisation, address, cancellationToken) switch
        {
            RecipientCertificateFinding.Found found => Encrypted(found, unknown, address, field),
            RecipientCertificateFinding.Unusable { Reason: var reason, NotAfter: var until, Inside: var inside } =>
                new PlannedRecipient(address, field, RecipientHandling.CertificateUnusable, InWords(reason, until), inside, null, RuleDecision.None),
            RecipientCertificateFinding.Missing { Inside: var inside } =>
                new PlannedRecipient(address, field, RecipientHandling.NoCertificate, null, inside, null, RuleDecision.None),
            _ => throw new InvalidOperationException("A certificate is found, unusable or missing."),
        };

    // RFC 8551 §2.5.2: what the peer's software says of itself decides; about the unknown, the organisation does.
    private static PlannedRecipient Encrypted(
        RecipientCertificateFinding.Found found, UnknownSoftware unknown, AddrSpec address, RecipientField field)
    {
        var chosen = RecipientAlgorithms.Choose(
            found.Certificate, found.Inside ? [] : found.Capabilities, assumesModern: found.Inside || unknown == UnknownSoftware.Modern);
        return new PlannedRecipient(
            address,
            field,
            chosen.Cipher.IsAuthenticated() ? RecipientHandling.Encrypted : RecipientHandling.EncryptedCompatible,
            null,
            found.Inside,
            chosen.With(found.Certificate),
            RuleDecision.None)
        {
            Algorithms = chosen,
        };
    }

    private static string InWords(CertificateSuitability reason, DateTimeOffset until) => reason switch
    {
        CertificateSuitability.Former => ProtectionTexts.Former,
        CertificateSuitability.Expired => ProtectionTexts.Expired.With(until),
        CertificateSuitability.NotYetValid => ProtectionTexts.NotYetValid,
        CertificateSuitability.Revoked => ProtectionTexts.Revoked,
        CertificateSuitability.RevocationUnknown => ProtectionTexts.RevocationUnknown,
        CertificateSuitability.Untrusted or CertificateSuitability.Suitable => ProtectionTexts.Untrusted,
    };
}
