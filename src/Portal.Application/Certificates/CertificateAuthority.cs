using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>An organisation's own authority: made at set-up, issues for its people.</summary>
internal sealed class CertificateAuthority(PortalDatabase database, KeyBroker.KeyBroker broker, TimeProvider clock)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(365);

    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<CertificateId> CreateAsync(OrganisationId organisation, string name, CancellationToken cancellationToken)
    {
        var actor = Issuer(organisation);
        var now = Now();
        using var span = Spans.Start("portal.certificate.issue", organisation)?.SetTag("portal.certificate.kind", nameof(CertificateKind.Authority));
        var store = (await SettingsAsync(organisation, cancellationToken)).KeyStores.Own;
        var key = await broker.CreateAsync(actor, null, KeyPurpose.CertificateAuthority, KeyAlgorithm.P384, store, cancellationToken);
        var template = new CertificateTemplate(
            CertificateProfile.RootAuthority, Named($"{name} Mail CA"), key.SubjectPublicKeyInfo, now.AddMinutes(-5), now + AuthorityLife);
        var toBeSigned = CertificateIssuer.PrepareRoot(template, SigningSchemes.For(key.Algorithm));
        var certificate = Certificate.Intend(
            organisation, null, key.Id, CertificateKind.Authority, null, toBeSigned.SerialNumber.Span, template, clock.GetUtcNow());
        await IntendAsync(actor, key, certificate, cancellationToken);
        await SignAsync(actor, certificate.Id, await GrantedAsync(actor, key.Id, KeyTask.IssueCertificate, cancellationToken), toBeSigned, cancellationToken);
        span?.SetTag("portal.certificate", certificate.Id.ToString());
        return certificate.Id;
    }

    /// <summary>A new pair for a person: key, intent on record, signature, certificate.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<CertificateId> IssueAsync(
        OrganisationId organisation, AccountId account, string displayName, AddrSpec address, CertificateKind kind, CancellationToken cancellationToken)
    {
        var actor = Issuer(organisation);
        var now = Now();
        using var span = Spans.Start("portal.certificate.issue", organisation)?.SetTag("portal.certificate.kind", kind.ToString());
        var settings = await SettingsAsync(organisation, cancellationToken);
        Certificate authority;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            authority = await AuthorityOfAsync(db, organisation, cancellationToken);
        }

        var signing = kind == CertificateKind.Signing;
        var purpose = signing ? KeyPurpose.SignMessage : KeyPurpose.OpenMessage;
        var algorithm = signing ? settings.SigningKeys : KeyAlgorithm.Rsa3072;
        var key = await broker.CreateAsync(actor, account, purpose, algorithm, settings.KeyStores.Of(purpose), cancellationToken);
        var profile = signing ? CertificateProfile.Signing : CertificateProfile.Encryption;
        var template = new CertificateTemplate(profile, Named(displayName), key.SubjectPublicKeyInfo, now.AddMinutes(-5), now + LeafLife)
        {
            Addresses = [address],
        };
        var authorityKey = await GrantedAsync(actor, authority.KeyId!.Value, KeyTask.IssueCertificate, cancellationToken);
        using var issuer = X509CertificateLoader.LoadCertificate(authority.Encoded!);
        var toBeSigned = CertificateIssuer.Prepare(template, new IssuingAuthority(issuer, authorityKey, AuthorityScheme));
        var certificate = Certificate.Intend(
            organisation, account, key.Id, kind, AddressKey.Of(address), toBeSigned.SerialNumber.Span, template, clock.GetUtcNow());
        await IntendAsync(actor, key, certificate, cancellationToken);
        await SignAsync(actor, certificate.Id, authorityKey, toBeSigned, cancellationToken);
        span?.SetTag("portal.certificate", certificate.Id.ToString());
        return certificate.Id;
    }

    /// <summary>A fresh revocation list, and the next one put on the list of work.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task PublishRevocationListAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var actor = Issuer(organisation);
        var now = Now();
        using var span = Spans.Start("portal.revocation_list.publish", organisation);
        Certificate authority;
        List<Certificate> revoked;
        long number;
        await using (var db = await database.ReadAsync(organisation, cancellationToken))
        {
            authority = await AuthorityOfAsync(db, organisation, cancellationToken);
            revoked = await db.Certificates
                .Where(one => one.OrganisationId == organisation && one.State == CertificateState.Revoked && one.NotAfter > now)
                .ToListAsync(cancellationToken);
            number = 1 + (await db.RevocationLists
                .Where(one => one.OrganisationId == organisation && one.AuthorityId == authority.Id)
                .MaxAsync(one => (long?)one.Number, cancellationToken) ?? 0);
        }

        using var issuer = X509CertificateLoader.LoadCertificate(authority.Encoded!);
        var key = await GrantedAsync(actor, authority.KeyId!.Value, KeyTask.SignRevocationList, cancellationToken);
        var entries = revoked
            .Select(one => new RevokedCertificate(Convert.FromHexString(one.SerialNumber), one.RevokedAt!.Value, one.RevocationReason!.Value))
            .ToList();
        var nextUpdate = now + RevocationListLife;
        var encoded = await RevocationListBuilder.BuildAsync(
            new IssuingAuthority(issuer, key, AuthorityScheme), number, entries, now, nextUpdate, cancellationToken);
        await using var write = await database.WriteAsync(organisation, cancellationToken);
        write.RevocationLists.Add(new PublishedRevocationList(organisation, authority.Id, number, encoded, now, nextUpdate));
        write.Record(key.Outcomes);
        write.Record(new AuditEvent(actor, AuditAction.RevocationListIssued, authority.Id.Value));
        await write.CommitAsync(cancellationToken);
    }

    /// <summary>RFC 5280 leaves it to us; the profile we follow allows 7 days.</summary>
    public static TimeSpan RevocationListLife { get; } = TimeSpan.FromDays(7);

    private const SignatureScheme AuthorityScheme = SignatureScheme.EcdsaSha384;

    private static Actor.Portal Issuer(OrganisationId organisation) => new(organisation, "certificates");

    private static X500DistinguishedName Named(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName.Length <= 64 ? commonName : commonName[..64]);
        return name.Build();
    }

    private static Task<Certificate> AuthorityOfAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken) =>
        db.Certificates
            .Where(one => one.OrganisationId == organisation && one.Kind == CertificateKind.Authority && one.State == CertificateState.Issued)
            .OrderByDescending(one => one.CreatedAt)
            .FirstAsync(cancellationToken);

    private async Task<Organisation> SettingsAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken);
    }

    private async Task IntendAsync(Actor actor, ManagedKey key, Certificate certificate, CancellationToken cancellationToken)
    {
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        KeyBroker.KeyBroker.Add(db, actor, key);
        db.Certificates.Add(certificate);
        await db.CommitAsync(cancellationToken);
    }

    // Certificates count in seconds.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private async Task<BrokeredKey> GrantedAsync(Actor actor, ManagedKeyId key, KeyTask task, CancellationToken cancellationToken) =>
        await broker.GrantAsync(actor, key, task, cancellationToken) is KeyGrant.Granted granted
            ? granted.Key
            : throw new KeyStoreException(KeyStoreFailure.Refused, "The authority's key may not be used.");

    private async Task SignAsync(Actor actor, CertificateId id, BrokeredKey authorityKey, ToBeSignedCertificate toBeSigned, CancellationToken cancellationToken)
    {
        using var signed = await CertificateIssuer.SignAsync(toBeSigned, authorityKey, cancellationToken);
        await using var db = await database.WriteAsync(actor.Organisation, cancellationToken);
        var row = await db.Certificates.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == id, cancellationToken);
        await ReplaceFormerAsync(db, row, cancellationToken);
        row.Issue(signed);
        db.Record(authorityKey.Outcomes);
        db.Record(new AuditEvent(actor, AuditAction.CertificateIssued, id.Value));
        await db.CommitAsync(cancellationToken);
    }

    // Whoever looks for a person's pair takes the newest certificate: every other key only opens what was meant for it.
    // Two that are issued at once meet at the person's row.
    private async Task ReplaceFormerAsync(PortalDbContext db, Certificate issued, CancellationToken cancellationToken)
    {
        if (issued.OwnerId is not { } owner || issued.KeyId is not { } key)
        {
            return;
        }

        await db.Accounts
            .Where(one => one.OrganisationId == issued.OrganisationId && one.Id == owner)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.DisplayName, one => one.DisplayName), cancellationToken);
        var isLater = await db.Certificates.AnyAsync(
            one => one.OrganisationId == issued.OrganisationId && one.OwnerId == owner && one.Kind == issued.Kind && one.State == CertificateState.Issued && one.CreatedAt > issued.CreatedAt,
            cancellationToken);
        DateTimeOffset? now = clock.GetUtcNow();
        var keys = db.ManagedKeys
            .Where(one => one.OrganisationId == issued.OrganisationId && one.OwnerId == owner)
            .Where(one => one.Purpose == db.ManagedKeys.Where(other => other.Id == key).Select(other => other.Purpose).First());
        await keys.Where(one => one.ReplacedAt == null && (one.Id == key) == isLater).ExecuteUpdateAsync(set => set.SetProperty(one => one.ReplacedAt, now), cancellationToken);
        if (!isLater)
        {
            // Another, issued before this one was, may have taken it for a former one.
            await keys.Where(one => one.Id == key).ExecuteUpdateAsync(set => set.SetProperty(one => one.ReplacedAt, (DateTimeOffset?)null), cancellationToken);
        }
    }
}
