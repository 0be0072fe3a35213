using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Application.Telemetry;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.Certificates;

/// <summary>
/// An organisation's own authorities: a root, and one below it that issues for its people. For each certificate the key is
/// made, what will be signed is held against the profile, it is on record, and then it is signed.
/// </summary>
internal sealed class CertificateAuthority(
    PortalDatabase database, KeyBroker.KeyBroker broker, RevocationPartitions partitions, RevocationLists lists, CertificateChains chains, TimeProvider clock)
{
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan IssuingLife = TimeSpan.FromDays(10 * 365);
    private static readonly TimeSpan ResponderLife = TimeSpan.FromDays(30);

    /// <summary>Of a common name (RFC 5280, appendix A: ub-common-name).</summary>
    private const int LongestName = 64;

    /// <summary>Between computers that do not agree about the time.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> CreateRootAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        using var span = Span(asker.Organisation, CertificateKind.RootAuthority);
        var key = await CreateAuthorityKeyAsync(asker.Organisation, store, cancellationToken);
        var draft = new Draft(CertificateKind.RootAuthority, CertificateProfile.RootAuthority, Named(name), [], RootLife);
        return await CertifyAsync(asker, key, draft, issuer: null, cancellationToken);
    }

    /// <summary>Below the organisation's newest root; what people get from now on comes from it.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> CreateIssuingAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        using var span = Span(organisation, CertificateKind.IssuingAuthority);
        var root = await chains.NewestAsync(organisation, CertificateKind.RootAuthority, cancellationToken);
        var key = await CreateAuthorityKeyAsync(organisation, store, cancellationToken);
        var draft = new Draft(CertificateKind.IssuingAuthority, CertificateProfile.IssuingAuthority, Named(name), [], IssuingLife);
        var issuing = await CertifyAsync(asker, key, draft, root, cancellationToken);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        (await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken)).IssueFrom(issuing);
        await db.CommitAsync(cancellationToken);
        return issuing;
    }

    /// <summary>A new key that answers for an authority, with a certificate that soon ends: nobody can look up whether it was revoked.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> IssueResponderAsync(OrganisationId organisation, Authority authority, CancellationToken cancellationToken)
    {
        using var span = Span(organisation, CertificateKind.OcspResponder);
        var actor = Issuer(organisation);
        var key = await broker.CreateAsync(actor, null, KeyPurpose.AnswerForAuthority, KeyAlgorithm.P256, KeyStoreOptions.Local, cancellationToken);
        var draft = new Draft(CertificateKind.OcspResponder, CertificateProfile.OcspResponder, Named("OCSP"), [], ResponderLife);
        return await CertifyAsync(actor, key, draft, authority, cancellationToken);
    }

    /// <summary>A new pair for a person; who asked for it is on record with it.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> IssueAsync(
        Actor asker, AccountId account, string displayName, AddrSpec address, CertificateKind kind, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        using var span = Span(organisation, kind);
        var settings = await SettingsAsync(organisation, cancellationToken);
        var issuer = await chains.IssuingAsync(settings, cancellationToken);
        var signs = kind == CertificateKind.Signing;
        var purpose = signs ? KeyPurpose.SignMessage : KeyPurpose.OpenMessage;
        var key = await broker.CreateAsync(
            Issuer(organisation), account, purpose, signs ? settings.SigningKeys : KeyAlgorithm.Rsa3072, settings.KeyStores.Of(purpose), cancellationToken);
        var profile = signs ? CertificateProfile.Signing : CertificateProfile.Encryption;
        var draft = new Draft(kind, profile, Named(displayName), [address], TimeSpan.FromDays(settings.CertificateDays));
        var id = await CertifyAsync(asker, key, draft, issuer, cancellationToken);
        span?.SetTag("portal.certificate", id.ToString());
        return id;
    }

    /// <summary>Asks nobody yet: makes the key and the request by which another authority shall certify it.</summary>
    /// <returns>The row that waits for the answer.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<CertificateId> RequestIssuingAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        using var span = Span(organisation, CertificateKind.IssuingAuthority);
        var key = await CreateAuthorityKeyAsync(organisation, store, cancellationToken);
        await using (var db = await database.WriteAsync(organisation, cancellationToken))
        {
            KeyBroker.KeyBroker.Add(db, asker, key);
            await db.CommitAsync(cancellationToken);
        }

        var signing = await GrantedAsync(Issuer(organisation), key.Id, cancellationToken);
        var request = await CertificationRequestBuilder.BuildAsync(Named(name), key.SubjectPublicKeyInfo, [], signing, SigningSchemes.For(key.Algorithm), cancellationToken);
        await using var write = await database.WriteAsync(organisation, cancellationToken);
        var row = Certificate.AskFor(key, CertificateKind.IssuingAuthority, request, clock.GetUtcNow());
        write.Certificates.Add(row);
        write.Record(signing.Outcomes);
        write.Record(new AuditEvent(asker, AuditAction.CertificateRequested, row.Id.Value));
        await write.CommitAsync(cancellationToken);
        return row.Id;
    }

    internal static Actor.Portal Issuer(OrganisationId organisation) => new(organisation, "certificates");

    /// <summary>One for each organisation, of the arc that needs no registration (ITU-T X.667): it promises nothing that others define.</summary>
    private static string PolicyOf(OrganisationId organisation) =>
        string.Create(CultureInfo.InvariantCulture, $"2.25.{new System.Numerics.BigInteger(organisation.Value.ToByteArray(bigEndian: true), isUnsigned: true, isBigEndian: true)}");

    private static X500DistinguishedName Named(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName.Length <= LongestName ? commonName : commonName[..(char.IsHighSurrogate(commonName[LongestName - 1]) ? LongestName - 1 : LongestName)]);
        return name.Build();
    }

    private static System.Diagnostics.Activity? Span(OrganisationId organisation, CertificateKind kind) =>
        Spans.Start("portal.certificate.issue", organisation)?.SetTag("portal.certificate.kind", kind.ToString());

    private async Task<ManagedKey> CreateAuthorityKeyAsync(OrganisationId organisation, string? store, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(organisation, cancellationToken);
        return await broker.CreateAsync(Issuer(organisation), null, KeyPurpose.CertificateAuthority, KeyAlgorithm.P384, store ?? settings.KeyStores.Own, cancellationToken);
    }

    private async Task<Organisation> SettingsAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken);
    }

    private async Task<CertificateId> CertifyAsync(Actor asker, ManagedKey key, Draft draft, Authority? issuer, CancellationToken cancellationToken)
    {
        var actor = Issuer(key.OrganisationId);
        CertificateId intended;
        RevocationPartition? partition;
        ToBeSignedCertificate toBeSigned;
        BrokeredKey? issuerKey;
        try
        {
            // A root signs with the key that is not on record before it is.
            issuerKey = issuer is null ? null : await GrantedAsync(actor, issuer.Key, cancellationToken);
            await using var db = await database.WriteAsync(key.OrganisationId, cancellationToken);
            partition = issuer is null ? null : await partitions.EnterAsync(db, key.OrganisationId, issuer.Id, cancellationToken);
            (var template, toBeSigned) = Prepared(key, draft, issuer, partition, issuerKey);
            KeyBroker.KeyBroker.Add(db, asker, key);
            var certificate = Certificate.Intend(key, draft.Kind, partition, toBeSigned, template, clock.GetUtcNow());
            db.Certificates.Add(certificate);
            intended = certificate.Id;
            await db.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is CertificateRefusedException or KeyStoreException)
        {
            await broker.DiscardAsync(key, cancellationToken);
            throw;
        }

        if (issuer is not null)
        {
            await lists.EnsureAsync(issuer, partition!, cancellationToken);
        }

        await SignAsync(asker, intended, issuerKey ?? await GrantedAsync(actor, key.Id, cancellationToken), toBeSigned, cancellationToken);
        return intended;
    }

    private (CertificateTemplate Template, ToBeSignedCertificate ToBeSigned) Prepared(
        ManagedKey key, Draft draft, Authority? issuer, RevocationPartition? partition, IPrivateKey? issuerKey)
    {
        // Certificates count in seconds.
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var notAfter = now + draft.Life;
        if (issuer is not null && notAfter > issuer.NotAfter)
        {
            notAfter = issuer.NotAfter;
        }

        var template = new CertificateTemplate(draft.Profile, draft.Subject, key.SubjectPublicKeyInfo, now - Backdated, notAfter)
        {
            Addresses = draft.Addresses,
            PublicationPoints = partition is null || draft.Kind == CertificateKind.OcspResponder ? PublicationPoints.None : partitions.PointsIn(partition),
            Policies = issuer is null || draft.Kind == CertificateKind.OcspResponder ? [] : [PolicyOf(key.OrganisationId)],
        };
        try
        {
            var toBeSigned = issuer is null
                ? CertificateIssuer.PrepareRoot(template, SigningSchemes.For(key.Algorithm))
                : CertificateIssuer.Prepare(template, issuer.With(issuerKey!));
            var wrong = CertificateLint.Check(toBeSigned, draft.Profile, issuer?.Certificate, isPublished: partition?.Address is not null);
            return wrong.Count == 0 ? (template, toBeSigned) : throw new CertificateRefusedException(string.Join(' ', wrong));
        }
        catch (ArgumentException exception)
        {
            throw new CertificateRefusedException(exception.Message, exception);
        }
    }

    private async Task<BrokeredKey> GrantedAsync(Actor actor, ManagedKeyId key, CancellationToken cancellationToken) =>
        await broker.GrantAsync(actor, key, KeyTask.IssueCertificate, cancellationToken) is KeyGrant.Granted granted
            ? granted.Key
            : throw new KeyStoreException(KeyStoreFailure.Refused, "The authority's key may not be used.");

    private async Task SignAsync(Actor asker, CertificateId id, BrokeredKey issuerKey, ToBeSignedCertificate toBeSigned, CancellationToken cancellationToken)
    {
        using var signed = await CertificateIssuer.SignAsync(toBeSigned, issuerKey, cancellationToken);
        await using var db = await database.WriteAsync(asker.Organisation, cancellationToken);
        var row = await db.Certificates.SingleAsync(one => one.OrganisationId == asker.Organisation && one.Id == id, cancellationToken);
        await FormerPairs.ReplaceAsync(db, asker, row, clock.GetUtcNow(), cancellationToken);
        row.Issue(signed);
        db.Record(issuerKey.Outcomes);
        db.Record(new AuditEvent(asker, AuditAction.CertificateIssued, id.Value));
        await db.CommitAsync(cancellationToken);
    }

    private sealed record Draft(
        CertificateKind Kind, CertificateProfile Profile, X500DistinguishedName Subject, IReadOnlyList<AddrSpec> Addresses, TimeSpan Life);
}

/// <summary>What was to be signed contradicts the profile; nothing was.</summary>
internal sealed class CertificateRefusedException(string words, Exception? inner = null) : Exception(words, inner);
