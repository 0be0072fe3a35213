using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <param name="Signing">The certificate that signs.</param>
/// <param name="SigningKey">Its key in our records.</param>
/// <param name="Scheme">What that key computes.</param>
/// <param name="Chain">Between it and its root; software elsewhere has no other way to it.</param>
/// <param name="Encryption">The one that answers are encrypted for.</param>
internal sealed record PersonCertificatePair(
    X509Certificate2 Signing, ManagedKeyId SigningKey, SignatureScheme Scheme, IReadOnlyList<X509Certificate2> Chain, X509Certificate2 Encryption);

/// <summary>The current pairs of our own people.</summary>
internal sealed class PersonCertificates(PortalDatabase database, TimeProvider clock)
{
    /// <returns>Null when the person has no pair that is valid now.</returns>
    public async Task<PersonCertificatePair?> FindAsync(OrganisationId organisation, AccountId account, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var now = clock.GetUtcNow();
        var current = await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.OwnerId == account)
            .Where(one => one.State == CertificateState.Issued && one.NotBefore <= now && one.NotAfter >= now)
            .Where(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null))
            .OrderByDescending(one => one.CreatedAt)
            .ToListAsync(cancellationToken);
        var signing = current.Find(one => one.Kind == CertificateKind.Signing);
        var encryption = current.Find(one => one.Kind == CertificateKind.Encryption);
        if (signing is null || encryption is null)
        {
            return null;
        }

        var algorithm = await db.ManagedKeys
            .Where(one => one.OrganisationId == organisation && one.Id == signing.KeyId)
            .Select(one => one.Algorithm)
            .SingleAsync(cancellationToken);
        return new PersonCertificatePair(
            SharedCertificates.Load(signing.Encoded!),
            signing.KeyId!.Value,
            SigningSchemes.For(algorithm),
            await CertificateChains.AboveAsync(db, signing, cancellationToken),
            SharedCertificates.Load(encryption.Encoded!));
    }
}
