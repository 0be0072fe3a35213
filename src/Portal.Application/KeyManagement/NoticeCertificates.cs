using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Brings in the pairs that sign what the portal itself writes. Mail programs outside have to trust their authority, or every notice would come with a warning.</summary>
public sealed class NoticeCertificates
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly LiveSessions _sessions;
    private readonly PairFileReading _reading;
    private readonly PublicAuthorities _authorities;
    private readonly TimeProvider _clock;

    internal NoticeCertificates(
        PortalDatabase database, KeyBroker.KeyBroker broker, LiveSessions sessions, PairFileReading reading, PublicAuthorities authorities, TimeProvider clock)
    {
        (_database, _broker, _sessions) = (database, broker, sessions);
        (_reading, _authorities, _clock) = (reading, authorities, clock);
    }

    /// <summary>The addresses that notices come from, one for each of the organisation's domains.</summary>
    public async Task<IReadOnlyList<string>> AddressesAsync(Actor.Person actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var domains = await db.OrganisationDomains.Where(one => one.OrganisationId == actor.Organisation).OrderBy(one => one.Name).Select(one => one.Name).ToListAsync(cancellationToken);
        return domains.ConvertAll(NoticePairs.AddressIn);
    }

    /// <param name="actor">A manager of certificates.</param>
    /// <param name="files">PKCS#12, or keys and certificates, together.</param>
    /// <param name="password">Of all that are encrypted; empty for none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<PairImport> ImportAsync(Actor.Person actor, IReadOnlyList<byte[]> files, string password, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, Permission.ManageCertificates, cancellationToken);
        return await _reading.ReadAsync(actor.Account, files, password, pairs => ImportAsync(actor, pairs, cancellationToken), cancellationToken);
    }

    private async Task<PairImport> ImportAsync(Actor.Person actor, IReadOnlyList<FilePair> pairs, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(actor, cancellationToken);
        var imported = new List<ImportedPair>();
        try
        {
            foreach (var pair in pairs)
            {
                var state = await ImportAsync(actor, pair, addresses, cancellationToken);
                imported.Add(new ImportedPair(
                    PlainText.Line(pair.Certificate.DisplayName()), state == ImportedState.Imported ? CertificateKind.NoticeSigning : null, pair.Certificate.NotAfter.ToUniversalTime(), state));
            }
        }
        catch (KeyStoreException exception)
        {
            return new PairImport.StoreAway(exception.Message);
        }

        return new PairImport.Done(imported, MessagesTriedAgain: 0);
    }

    private async Task<ImportedState> ImportAsync(Actor.Person actor, FilePair pair, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var (certificate, now) = (pair.Certificate, _clock.GetUtcNow());
        if (OutsidePairs.AlgorithmOf(certificate) is not { } algorithm)
        {
            return ImportedState.UnsupportedKey;
        }

        if (!OutsidePairs.Signs(certificate))
        {
            return ImportedState.OpensOnly;
        }

        if (MailAddresses.Of(certificate).Select(AddressKey.Of).FirstOrDefault(addresses.Contains) is not { } address)
        {
            return ImportedState.NoNoticeAddress;
        }

        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return ImportedState.NotValidNow;
        }

        return _authorities.PathOf(certificate, pair.Chain, now) is { } path ? await KeepAsync(actor, pair, algorithm, address, path, cancellationToken) : ImportedState.NotPublic;
    }

    private async Task<ImportedState> KeepAsync(
        Actor.Person actor, FilePair pair, KeyAlgorithm algorithm, string address, IReadOnlyList<X509Certificate2> path, CancellationToken cancellationToken)
    {
        string store;
        await using (var read = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            var encoded = pair.Certificate.RawData;
            if (await InUse(read, actor.Organisation, address).AnyAsync(one => one.Encoded == encoded, cancellationToken))
            {
                return ImportedState.AlreadyThere;
            }

            store = (await read.Organisations.SingleAsync(one => one.Id == actor.Organisation, cancellationToken)).KeyStores.Of(KeyPurpose.SignNotice);
        }

        var key = await _broker.ImportAsync(actor, owner: null, KeyPurpose.SignNotice, algorithm, pair.PrivateKeyInfo, store, cancellationToken);
        var now = _clock.GetUtcNow();
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var former = await InUse(db, actor.Organisation, address).Select(one => one.KeyId).ToListAsync(cancellationToken);
        foreach (var one in await db.ManagedKeys.Where(one => one.OrganisationId == actor.Organisation && former.Contains(one.Id)).ToListAsync(cancellationToken))
        {
            one.Replace(now);
            db.Record(KeyBroker.KeyBroker.Replaced(actor, one.Id, one.Purpose, key.Id));
        }

        KeyBroker.KeyBroker.Add(db, actor, key);
        var between = path.Skip(1).SkipLast(1).SelectMany(one => one.RawData).ToArray();
        var certificate = Certificate.OfOutside(key, CertificateKind.NoticeSigning, address, pair.Certificate, now, between);
        db.Certificates.Add(certificate);
        db.Record(new AuditEvent(actor, AuditAction.PairImported, certificate.Id.Value, new Dictionary<string, string>
        {
            ["key"] = key.Id.ToString(),
            ["kind"] = nameof(CertificateKind.NoticeSigning),
        }));
        await db.CommitAsync(cancellationToken);
        return ImportedState.Imported;
    }

    private static IQueryable<Certificate> InUse(PortalDbContext db, OrganisationId organisation, string address) => db.Certificates
        .Where(one => one.OrganisationId == organisation && one.Kind == CertificateKind.NoticeSigning && one.Address == address && one.State == CertificateState.Issued)
        .Where(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.ReplacedAt == null && key.DestroyedAt == null));
}
