using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Application.Mailboxes;
using Portal.Application.Trust;
using Portal.Application.Work;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Application.KeyManagement;

/// <summary>Brings pairs in that were made elsewhere, so that old mail opens; or that another authority vouches for, so that new mail is signed with them.</summary>
public sealed class PairImporting
{
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly LiveSessions _sessions;
    private readonly OutsidePairs _outside;
    private readonly Gathering _gathering;
    private readonly PairFileReading _reading;
    private readonly TimeProvider _clock;

    internal PairImporting(
        PortalDatabase database, KeyBroker.KeyBroker broker, LiveSessions sessions, OutsidePairs outside, Gathering gathering, PairFileReading reading, TimeProvider clock)
    {
        (_database, _broker, _sessions, _outside) = (database, broker, sessions, outside);
        (_gathering, _reading, _clock) = (gathering, reading, clock);
    }

    /// <param name="actor">The person, for old mail; a manager of certificates, for anything.</param>
    /// <param name="owner">Whose they are from now on.</param>
    /// <param name="files">PKCS#12, or keys and certificates (PKCS#8, PKCS#1, PEM, DER, PKCS#7), together.</param>
    /// <param name="password">Of all that are encrypted; empty for none.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<PairImport> ImportAsync(
        Actor.Person actor, AccountId owner, IReadOnlyList<byte[]> files, string password, ImportPurpose purpose, CancellationToken cancellationToken)
    {
        await _sessions.DemandAsync(actor, actor.Account == owner && purpose == ImportPurpose.OldMail ? Permission.UseMail : Permission.ManageCertificates, cancellationToken);
        return await _reading.ReadAsync(actor.Account, files, password, pairs => ImportAsync(actor, owner, pairs, purpose, cancellationToken), cancellationToken);
    }

    /// <returns>Null when nobody of that address is here.</returns>
    public async Task<(AccountId Account, string Name)?> FindPersonAsync(Actor.Person actor, string address, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var normalised = Account.Normalise(address);
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var found = await db.Accounts
            .Where(one => one.OrganisationId == actor.Organisation && one.NormalisedEmail == normalised)
            .Select(one => new { one.Id, one.DisplayName })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.Id, found.DisplayName);
    }

    private async Task<PairImport> ImportAsync(Actor.Person actor, AccountId owner, IReadOnlyList<FilePair> pairs, ImportPurpose purpose, CancellationToken cancellationToken)
    {
        if (await _outside.HolderAsync(actor.Organisation, owner, cancellationToken) is not { } holder)
        {
            return new PairImport.NoPerson();
        }

        var imported = new List<ImportedPair>();
        var opens = false;
        var away = default(string);
        try
        {
            foreach (var pair in pairs)
            {
                await _gathering.KeepAsync(actor.Organisation, pair.Chain, cancellationToken);
                foreach (var (kind, state) in await _outside.JudgeAsync(actor.Organisation, holder, pair.Certificate, pair.Chain, purpose, cancellationToken))
                {
                    var result = state ?? await ImportAsync(actor, holder, pair, kind!.Value, purpose, cancellationToken);
                    opens |= kind == CertificateKind.Encryption;
                    imported.Add(new ImportedPair(PlainText.Line(pair.Certificate.DisplayName()), result == ImportedState.Imported ? kind : null, pair.Certificate.NotAfter.ToUniversalTime(), result));
                }
            }
        }
        catch (KeyStoreException exception)
        {
            away = exception.Message;
        }

        // One that is here already may have come when the portal was stopped before this.
        var triedAgain = opens ? await TryAgainAsync(actor.Organisation, owner, cancellationToken) : 0;
        return away is null ? new PairImport.Done(imported, triedAgain) : new PairImport.StoreAway(away);
    }

    private async Task<ImportedState> ImportAsync(Actor actor, PairHolder holder, FilePair pair, CertificateKind kind, ImportPurpose purpose, CancellationToken cancellationToken)
    {
        // By their own addresses only: others look for whom to encrypt by this.
        var address = MailAddresses.Of(pair.Certificate).Select(AddressKey.Of).FirstOrDefault(holder.Addresses.Contains);
        var encoded = pair.Certificate.RawData;
        if (await IsThereAsync(actor.Organisation, holder.Account, encoded, kind, cancellationToken))
        {
            return ImportedState.AlreadyThere;
        }

        var (keyPurpose, store) = kind == CertificateKind.Signing ? (KeyPurpose.SignMessage, holder.SigningStore) : (KeyPurpose.OpenMessage, holder.OpeningStore);
        var key = await _broker.ImportAsync(actor, holder.Account, keyPurpose, OutsidePairs.AlgorithmOf(pair.Certificate)!.Value, pair.PrivateKeyInfo, store, cancellationToken);
        var now = _clock.GetUtcNow();
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        KeyBroker.KeyBroker.Add(db, actor, key);
        var certificate = Certificate.OfOutside(key, kind, address, pair.Certificate, now);
        db.Certificates.Add(certificate);
        db.Record(new AuditEvent(actor, AuditAction.PairImported, certificate.Id.Value, new Dictionary<string, string>
        {
            ["key"] = key.Id.ToString(),
            ["kind"] = kind.ToString(),
            ["purpose"] = purpose.ToString(),
            ["owner"] = holder.Account.ToString(),
        }));
        if (purpose == ImportPurpose.OldMail)
        {
            key.Replace(now);
        }
        else
        {
            await db.SaveChangesAsync(cancellationToken);
            await FormerPairs.ReplaceAsync(db, actor, [certificate], now, cancellationToken);
        }

        await db.CommitAsync(cancellationToken);
        return ImportedState.Imported;
    }

    private async Task<bool> IsThereAsync(OrganisationId organisation, AccountId owner, byte[] encoded, CertificateKind kind, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return await db.Certificates
            .Where(one => one.OrganisationId == organisation && one.OwnerId == owner && one.Kind == kind && one.Encoded == encoded)
            .AnyAsync(one => db.ManagedKeys.Any(key => key.Id == one.KeyId && key.DestroyedAt == null), cancellationToken);
    }

    // For whom a message is encrypted is known when it is opened.
    private async Task<int> TryAgainAsync(OrganisationId organisation, AccountId owner, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        var closed = await db.Messages
            .Where(one => one.OrganisationId == organisation && one.State == MessageState.Broken && one.Encrypted)
            .Where(one => db.Mailboxes.Any(mailbox => mailbox.Id == one.MailboxId && mailbox.OwnerId == owner))
            .ToListAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        foreach (var message in closed)
        {
            message.ArriveAgain();
            WorkQueue.Enqueue(db, organisation, WorkKind.OpenArrival, message.Id.Value, now);
        }

        foreach (var mailbox in closed.Select(one => one.MailboxId).Distinct())
        {
            db.Announce(mailbox);
        }

        await db.CommitAsync(cancellationToken);
        return closed.Count;
    }
}
