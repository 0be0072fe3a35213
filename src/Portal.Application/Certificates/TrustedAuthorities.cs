using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

public abstract record TrustAdding
{
    /// <param name="Subject">The authority's name.</param>
    /// <param name="Fingerprint">SHA-256, hexadecimal.</param>
    /// <param name="RevocationRequired">Whether certificates below it now need a fresh list that says good.</param>
    public sealed record Added(string Subject, string Fingerprint, bool RevocationRequired) : TrustAdding;

    /// <summary>Not one certificate in PEM or DER.</summary>
    public sealed record NoCertificate : TrustAdding;

    /// <summary>A certificate, but of nobody who may issue any, or not one that signed itself.</summary>
    public sealed record NoAuthority : TrustAdding;

    /// <summary>Not a revocation list, or one that this authority did not sign.</summary>
    public sealed record WrongRevocationList : TrustAdding;
}

public abstract record TrustRemoving
{
    public sealed record Removed(string Subject, string Fingerprint) : TrustRemoving;

    public sealed record Unknown : TrustRemoving;

    /// <summary>More than one fingerprint begins like that.</summary>
    public sealed record Several : TrustRemoving;
}

/// <param name="Subject">The authority's name.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal.</param>
/// <param name="NotAfter">Until when its certificate is valid.</param>
/// <param name="RevocationRequired">Whether certificates below it need a fresh list that says good.</param>
/// <param name="NextUpdate">Until when its list is fresh; null when there is none.</param>
/// <param name="AddedAt">Since when it is trusted.</param>
public sealed record TrustedAuthorityView(
    string Subject, string Fingerprint, DateTimeOffset NotAfter, bool RevocationRequired, DateTimeOffset? NextUpdate, DateTimeOffset AddedAt);

/// <summary>Foreign authorities that an organisation decides to trust.</summary>
public sealed class TrustedAuthorities
{
    private readonly PortalDatabase _database;
    private readonly TimeProvider _clock;

    internal TrustedAuthorities(PortalDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <param name="actor">Whose organisation.</param>
    /// <param name="certificate">PEM or DER.</param>
    /// <param name="revocationList">PEM or DER; null when the authority publishes none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TrustAdding> AddAsync(Actor actor, byte[] certificate, byte[]? revocationList, CancellationToken cancellationToken)
    {
        if (PemOrDer.Certificate(certificate) is not { } authority)
        {
            return new TrustAdding.NoCertificate();
        }

        using (authority)
        {
            var issues = authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(one => one.CertificateAuthority);
            if (!issues || !authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData))
            {
                return new TrustAdding.NoAuthority();
            }

            var list = revocationList is null ? null : PemOrDer.RevocationList(revocationList);
            if (revocationList is not null && !IsListOf(authority, list))
            {
                return new TrustAdding.WrongRevocationList();
            }

            return await SaveAsync(actor, authority, list, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<TrustedAuthorityView>> ListAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var rows = await db.TrustedAuthorities.Where(one => one.OrganisationId == organisation).OrderBy(one => one.AddedAt).ToListAsync(cancellationToken);
        return rows.ConvertAll(View);
    }

    /// <param name="actor">Whose organisation.</param>
    /// <param name="fingerprint">SHA-256, hexadecimal, or its beginning.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<TrustRemoving> RemoveAsync(Actor actor, string fingerprint, CancellationToken cancellationToken)
    {
        var beginning = fingerprint.Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        if (beginning.Length == 0)
        {
            return new TrustRemoving.Unknown();
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var found = await db.TrustedAuthorities
            .Where(one => one.OrganisationId == actor.Organisation && one.Fingerprint.StartsWith(beginning))
            .Take(2)
            .ToListAsync(cancellationToken);
        if (found.Count != 1)
        {
            return found.Count == 0 ? new TrustRemoving.Unknown() : new TrustRemoving.Several();
        }

        db.TrustedAuthorities.Remove(found[0]);
        db.Record(new AuditEvent(actor, AuditAction.TrustRemoved, found[0].Id.Value, new Dictionary<string, string> { ["sha256"] = found[0].Fingerprint }));
        await db.CommitAsync(cancellationToken);
        return new TrustRemoving.Removed(View(found[0]).Subject, found[0].Fingerprint);
    }

    private static TrustedAuthorityView View(TrustedAuthority row)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(row.Encoded);
        var list = row.RevocationList is { } encoded && RevocationList.TryParse(encoded, out var parsed) ? parsed : null;
        return new TrustedAuthorityView(
            certificate.Subject, row.Fingerprint, certificate.NotAfter.ToUniversalTime(), row.Revocation == RevocationPolicy.Required, list?.NextUpdate, row.AddedAt);
    }

    private static bool IsListOf(X509Certificate2 authority, byte[]? list) =>
        list is not null && RevocationList.TryParse(list, out var parsed) && !parsed.IsDelta && parsed.IsSignedBy(authority);

    private async Task<TrustAdding> SaveAsync(Actor actor, X509Certificate2 authority, byte[]? list, CancellationToken cancellationToken)
    {
        var fingerprint = authority.GetCertHashString(HashAlgorithmName.SHA256);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.TrustedAuthorities
            .SingleOrDefaultAsync(one => one.OrganisationId == actor.Organisation && one.Fingerprint == fingerprint, cancellationToken);
        if (row is null)
        {
            row = new TrustedAuthority(actor.Organisation, authority.RawData, fingerprint, list, _clock.GetUtcNow());
            db.TrustedAuthorities.Add(row);
        }
        else
        {
            row.Take(list);
        }

        db.Record(new AuditEvent(actor, AuditAction.TrustAdded, row.Id.Value, new Dictionary<string, string> { ["sha256"] = fingerprint }));
        await db.CommitAsync(cancellationToken);
        return new TrustAdding.Added(authority.Subject, fingerprint, row.Revocation == RevocationPolicy.Required);
    }
}
