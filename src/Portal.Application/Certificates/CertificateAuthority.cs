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
    PortalDatabase database, KeyBroker.KeyBroker broker, Certification certification, CertificateChains chains, TimeProvider clock)
{
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan IssuingLife = TimeSpan.FromDays(10 * 365);
    private static readonly TimeSpan ResponderLife = TimeSpan.FromDays(30);

    /// <summary>Of a common name (RFC 5280, appendix A: ub-common-name).</summary>
    private const int LongestName = 64;

    /// <summary>A vault answers one after the other; many wait for it together.</summary>
    private const int KeysAtOnce = 8;

    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> CreateRootAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        using var span = Span(asker.Organisation, CertificateKind.RootAuthority);
        var key = await CreateAuthorityKeyAsync(asker.Organisation, store, cancellationToken);
        return await CertifyAsync(asker, CertificateDraft.Of(key, CertificateKind.RootAuthority, CertificateProfile.RootAuthority, Named(name), RootLife), issuer: null, cancellationToken);
    }

    /// <summary>Below the organisation's newest root; the first one issues, of further ones somebody chooses.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> CreateIssuingAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        var organisation = asker.Organisation;
        using var span = Span(organisation, CertificateKind.IssuingAuthority);
        var root = await chains.NewestAsync(organisation, CertificateKind.RootAuthority, cancellationToken);
        var key = await CreateAuthorityKeyAsync(organisation, store, cancellationToken);
        var issuing = await CertifyAsync(asker, CertificateDraft.Of(key, CertificateKind.IssuingAuthority, CertificateProfile.IssuingAuthority, Named(name), IssuingLife), root, cancellationToken);
        await using var db = await database.WriteAsync(organisation, cancellationToken);
        var settings = await db.Organisations.SingleAsync(one => one.Id == organisation, cancellationToken);
        if (settings.IssuingAuthorityId is null)
        {
            settings.IssueFrom(issuing);
            await db.CommitAsync(cancellationToken);
        }

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
        return await CertifyAsync(actor, CertificateDraft.Of(key, CertificateKind.OcspResponder, CertificateProfile.OcspResponder, Named("OCSP"), ResponderLife), authority, cancellationToken);
    }

    /// <summary>A new pair for a person; who asked for it is on record with it.</summary>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> IssueAsync(
        Actor asker, AccountId account, string displayName, AddrSpec address, CertificateKind kind, CancellationToken cancellationToken)
    {
        using var span = Span(asker.Organisation, kind);
        var id = Single(await IssueAsync(asker, [new WantedCertificate(account, displayName, address, kind)], (_, _) => Task.CompletedTask, cancellationToken));
        span?.SetTag("portal.certificate", id.ToString());
        return id;
    }

    /// <summary>Many at once: the keys side by side, and all of them in one transaction before the authority signs and in one behind it.</summary>
    /// <param name="asker">On record with each.</param>
    /// <param name="wanted">One or two for a person, of different kinds.</param>
    /// <param name="alongside">In the transaction that puts the signed ones on record; is told what became of all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>In their order.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<IReadOnlyList<Certified>> IssueAsync(
        Actor asker, IReadOnlyList<WantedCertificate> wanted, Func<PortalDbContext, IReadOnlyList<Certified>, Task> alongside, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(asker.Organisation, cancellationToken);
        var issuer = await chains.IssuingAsync(settings, cancellationToken);
        var drafts = new CertificateDraft[wanted.Count];
        var made = 0;
        try
        {
            await Parallel.ForAsync(0, wanted.Count, new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellationToken }, async (at, stopping) =>
            {
                drafts[at] = await DraftAsync(settings, wanted[at], stopping);
                Interlocked.Increment(ref made);
            });
        }
        catch (Exception) when (made > 0)
        {
            await certification.DiscardAsync(drafts.Where(one => one is not null), CancellationToken.None);
            throw;
        }

        return await certification.CertifyAsync(asker, drafts, issuer, alongside, cancellationToken);
    }

    /// <summary>For a key that the person has elsewhere: it signs only, because what is encrypted for it would not open here.</summary>
    /// <param name="asker">On record with it.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="displayName">As recipients see them.</param>
    /// <param name="address">The only one in it.</param>
    /// <param name="request">Nothing is taken from it but the key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    /// <exception cref="CertificateRefusedException">It would contradict the profile.</exception>
    public async Task<CertificateId> IssueAsync(
        Actor asker, AccountId account, string displayName, AddrSpec address, CertificationRequest request, CancellationToken cancellationToken)
    {
        using var span = Span(asker.Organisation, CertificateKind.Signing);
        var settings = await SettingsAsync(asker.Organisation, cancellationToken);
        var issuer = await chains.IssuingAsync(settings, cancellationToken);
        var draft = new CertificateDraft(CertificateKind.Signing, CertificateProfile.Signing, Named(displayName), [address], TimeSpan.FromDays(settings.CertificateDays), account, null, request.SubjectPublicKeyInfo);
        return Single(await certification.CertifyAsync(asker, [draft], issuer, (_, _) => Task.CompletedTask, cancellationToken));
    }

    /// <summary>Asks nobody yet: makes the key and the request by which another authority shall certify it.</summary>
    /// <returns>The row that waits for the answer.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<CertificateId> RequestIssuingAsync(Actor asker, string name, string? store, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(asker.Organisation, cancellationToken);
        return await RequestAsync(asker, null, name, [], CertificateKind.IssuingAuthority, KeyPurpose.CertificateAuthority, KeyAlgorithm.P384, store ?? settings.KeyStores.Own, cancellationToken);
    }

    /// <summary>The same for a person.</summary>
    /// <returns>The row that waits for the answer.</returns>
    /// <exception cref="KeyStoreException">The key store does not answer, or takes no key that was made outside it.</exception>
    public async Task<CertificateId> RequestAsync(Actor asker, WantedCertificate wanted, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(asker.Organisation, cancellationToken);
        var (purpose, algorithm) = Key(settings, wanted.Kind);
        return await RequestAsync(asker, wanted.Account, wanted.DisplayName, [wanted.Address], wanted.Kind, purpose, algorithm, settings.KeyStores.Of(purpose), cancellationToken);
    }

    internal static Actor.Portal Issuer(OrganisationId organisation) => new(organisation, "certificates");

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

    private static (KeyPurpose Purpose, KeyAlgorithm Algorithm) Key(Organisation settings, CertificateKind kind) =>
        kind == CertificateKind.Signing ? (KeyPurpose.SignMessage, settings.SigningKeys) : (KeyPurpose.OpenMessage, settings.EncryptionKeys);

    private static CertificateProfile Profile(CertificateKind kind) => kind switch
    {
        CertificateKind.Signing => CertificateProfile.Signing,
        CertificateKind.IssuingAuthority => CertificateProfile.IssuingAuthority,
        _ => CertificateProfile.Encryption,
    };

    private async Task<CertificateId> RequestAsync(
        Actor asker,
        AccountId? owner,
        string name,
        IReadOnlyList<AddrSpec> addresses,
        CertificateKind kind,
        KeyPurpose purpose,
        KeyAlgorithm algorithm,
        string store,
        CancellationToken cancellationToken)
    {
        using var span = Span(asker.Organisation, kind);
        var (key, request) = await broker.CreateRequestedAsync(
            Issuer(asker.Organisation),
            owner,
            purpose,
            algorithm,
            store,
            (signing, publicKey) => CertificationRequestBuilder.BuildAsync(Named(name), publicKey, Profile(kind), addresses, signing, SigningSchemes.For(algorithm), cancellationToken),
            cancellationToken);
        await using var db = await database.WriteAsync(asker.Organisation, cancellationToken);
        KeyBroker.KeyBroker.Add(db, asker, key);
        var row = Certificate.AskFor(key, kind, addresses is [var address, ..] ? AddressKey.Of(address) : null, request, clock.GetUtcNow());
        db.Certificates.Add(row);
        db.Record(new AuditEvent(asker, AuditAction.CertificateRequested, row.Id.Value));
        await db.CommitAsync(cancellationToken);
        return row.Id;
    }

    private async Task<CertificateDraft> DraftAsync(Organisation settings, WantedCertificate wanted, CancellationToken cancellationToken)
    {
        var (purpose, algorithm) = Key(settings, wanted.Kind);
        var key = await broker.CreateAsync(Issuer(settings.Id), wanted.Account, purpose, algorithm, settings.KeyStores.Of(purpose), cancellationToken);
        return CertificateDraft.Of(key, wanted.Kind, Profile(wanted.Kind), Named(wanted.DisplayName), TimeSpan.FromDays(settings.CertificateDays)) with { Addresses = [wanted.Address] };
    }

    private async Task<CertificateId> CertifyAsync(Actor asker, CertificateDraft draft, Authority? issuer, CancellationToken cancellationToken) =>
        Single(await certification.CertifyAsync(asker, [draft], issuer, (_, _) => Task.CompletedTask, cancellationToken));

    private static CertificateId Single(IReadOnlyList<Certified> certified) => certified switch
    {
        [Certified.Issued issued] => issued.Id,
        [Certified.Refused refused] => throw new CertificateRefusedException(refused.Words),
        _ => throw new InvalidOperationException("There is one."),
    };
}

/// <param name="Account">For whom.</param>
/// <param name="DisplayName">As recipients see them.</param>
/// <param name="Address">The only one in it.</param>
/// <param name="Kind">Signing or encryption.</param>
internal sealed record WantedCertificate(AccountId Account, string DisplayName, AddrSpec Address, CertificateKind Kind);

/// <summary>What was to be signed contradicts the profile; nothing was.</summary>
internal sealed class CertificateRefusedException(string words, Exception? inner = null) : Exception(words, inner);
