using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.Organisations;

/// <summary>What an organisation allows and chooses.</summary>
public sealed class OrganisationPolicies
{
    private readonly PortalDatabase _database;

    internal OrganisationPolicies(PortalDatabase database) => _database = database;

    public async Task<OrganisationPolicy> ReadAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).Policy;
    }

    /// <exception cref="ArgumentException">Keys that are none of the offered ones, or certificates or links that would last too long or not long enough.</exception>
    public async Task ChangeAsync(Actor actor, OrganisationPolicy policy, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManagePolicies);
        if (policy.SigningKeys is not (KeyAlgorithm.P256 or KeyAlgorithm.Rsa3072 or KeyAlgorithm.Rsa4096))
        {
            throw new ArgumentException("Signing keys are P256, Rsa3072 or Rsa4096.", nameof(policy));
        }

        if (policy.EncryptionKeys is not (KeyAlgorithm.Rsa3072 or KeyAlgorithm.P256))
        {
            throw new ArgumentException("Encryption keys are Rsa3072 or P256.", nameof(policy));
        }

        if (policy.CertificateDays is < OrganisationPolicy.ShortestCertificate or > OrganisationPolicy.LongestCertificate)
        {
            throw new ArgumentException($"Certificates are valid for {OrganisationPolicy.ShortestCertificate} to {OrganisationPolicy.LongestCertificate} days.", nameof(policy));
        }

        if (!policy.Readers.IsValid)
        {
            throw new ArgumentException(
                $"Links last for 1 to {ReaderPolicy.LongestLink} days, devices for 0 to {ReaderPolicy.LongestDevice}; reminders come after 0 to {ReaderPolicy.LatestReminder}.", nameof(policy));
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        (await db.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).Follow(policy);
        db.Record(new AuditEvent(actor, AuditAction.PolicyChanged, actor.Organisation.Value, new Dictionary<string, string>
        {
            ["signingKeys"] = policy.SigningKeys.ToString(),
            ["encryptionKeys"] = policy.EncryptionKeys.ToString(),
            ["signedOnly"] = policy.AllowsSignedOnly.ToString(),
            ["unprotected"] = policy.AllowsUnprotected.ToString(),
            ["keyExport"] = policy.AllowsKeyExport.ToString(),
            ["publishesCertificates"] = policy.PublishesCertificates.ToString(),
            ["outsiders"] = policy.Outsiders.ToString(),
            ["readers"] = policy.Readers.ToString(),
            ["unknownSoftware"] = policy.UnknownSoftware.ToString(),
            ["secondFactor"] = policy.SecondFactor.ToString(),
            ["certificateDays"] = policy.CertificateDays.ToString(CultureInfo.InvariantCulture),
        }));
        await db.CommitAsync(cancellationToken);
    }
}
