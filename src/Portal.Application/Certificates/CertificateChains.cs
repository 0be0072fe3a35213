using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <param name="Id">Its certificate.</param>
/// <param name="Certificate">The same.</param>
/// <param name="Key">That signs.</param>
/// <param name="Scheme">How.</param>
internal sealed record Authority(CertificateId Id, X509Certificate2 Certificate, ManagedKeyId Key, SignatureScheme Scheme)
{
    public DateTimeOffset NotAfter => Certificate.NotAfter.ToUniversalTime();

    public IssuingAuthority With(IPrivateKey key) => new(Certificate, key, Scheme);
}

/// <summary>Who issues here, and what stands between a certificate and its root.</summary>
internal sealed class CertificateChains(PortalDatabase database)
{
    private const int MostAbove = 10;

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<Authority> NewestAsync(OrganisationId organisation, CertificateKind kind, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await AuthorityAsync(db, Own(db, organisation).Where(one => one.Kind == kind).OrderByDescending(one => one.CreatedAt), cancellationToken);
    }

    /// <summary>The one that the organisation has chosen.</summary>
    /// <exception cref="InvalidOperationException">It was revoked, or there is none.</exception>
    public async Task<Authority> IssuingAsync(Organisation organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation.Id, cancellationToken);
        return await AuthorityAsync(db, Own(db, organisation.Id).Where(one => one.Id == organisation.IssuingAuthorityId), cancellationToken);
    }

    /// <summary>All that sign revocation lists: those that were replaced as well, as long as what they issued is valid.</summary>
    public async Task<IReadOnlyList<Authority>> AllAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        var found = new List<Authority>();
        foreach (var certificate in await Own(db, organisation).OrderBy(one => one.CreatedAt).ToListAsync(cancellationToken))
        {
            found.Add(await WithKeyAsync(db, certificate, cancellationToken));
        }

        return found;
    }

    /// <summary>Between a certificate of ours and its root, the nearest first; what is sent along with it.</summary>
    public static async Task<IReadOnlyList<X509Certificate2>> AboveAsync(PortalDbContext db, Certificate certificate, CancellationToken cancellationToken)
    {
        var above = new List<X509Certificate2>();
        var issuer = certificate.IssuerId;
        while (issuer is { } id)
        {
            var authority = await db.Certificates.SingleAsync(one => one.OrganisationId == certificate.OrganisationId && one.Id == id, cancellationToken);
            issuer = authority.IssuerId;
            if (authority.Kind == CertificateKind.IssuingAuthority)
            {
                above.Add(SharedCertificates.Load(authority.Encoded!));
            }

            above.AddRange(CertificateFiles.Consecutive(authority.Above, MostAbove).Where(one => !one.IsSelfIssued()));
        }

        return above;
    }

    private static IQueryable<Certificate> Own(PortalDbContext db, OrganisationId organisation) => db.Certificates
        .Where(one => one.OrganisationId == organisation && one.State == CertificateState.Issued && one.Encoded != null)
        .Where(one => one.Kind == CertificateKind.RootAuthority || one.Kind == CertificateKind.IssuingAuthority);

    private static async Task<Authority> AuthorityAsync(PortalDbContext db, IQueryable<Certificate> found, CancellationToken cancellationToken) =>
        await found.FirstOrDefaultAsync(cancellationToken) is { } certificate
            ? await WithKeyAsync(db, certificate, cancellationToken)
            : throw new InvalidOperationException("The organisation has no authority that could issue.");

    private static async Task<Authority> WithKeyAsync(PortalDbContext db, Certificate certificate, CancellationToken cancellationToken)
    {
        var algorithm = await db.ManagedKeys
            .Where(one => one.OrganisationId == certificate.OrganisationId && one.Id == certificate.KeyId)
            .Select(one => one.Algorithm)
            .SingleAsync(cancellationToken);
        return new Authority(certificate.Id, SharedCertificates.Load(certificate.Encoded!), certificate.KeyId!.Value, SigningSchemes.For(algorithm));
    }
}
