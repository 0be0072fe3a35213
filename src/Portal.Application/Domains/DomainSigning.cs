using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Application.Organisations;
using Portal.Smime.Keys;

namespace Portal.Application.Domains;

/// <param name="Id">The key.</param>
/// <param name="Selector">Names it in signatures.</param>
/// <param name="RecordName">Where its public half is published.</param>
/// <param name="RecordValue">What has to stand there.</param>
/// <param name="State">Waiting, signing, or retired within the last week.</param>
/// <param name="SigningSince">When its record was found.</param>
/// <param name="KeepUntil">Until when the record of a retired key has to stay.</param>
public sealed record DomainKeyView(
    DomainKeyId Id, string Selector, string RecordName, string RecordValue, DomainKeyState State, DateTimeOffset? SigningSince, DateTimeOffset? KeepUntil);

public enum SigningPreparation
{
    /// <summary>A key waits for its record to be published.</summary>
    Waits,

    NotProved,

    /// <summary>It does not answer.</summary>
    NoKeyStore,
}

public abstract record SigningStart
{
    public sealed record Started : SigningStart;

    public sealed record NoRecord : SigningStart;

    /// <param name="Found">What stands there instead.</param>
    public sealed record OtherValue(IReadOnlyList<string> Found) : SigningStart;

    public sealed record NoAnswer : SigningStart;

    public sealed record NothingWaits : SigningStart;
}

/// <summary>The keys that sign a domain's mail to outside.</summary>
public sealed class DomainSigning
{
    private static readonly TimeSpan KeptAfter = TimeSpan.FromDays(7);
    private readonly PortalDatabase _database;
    private readonly KeyBroker.KeyBroker _broker;
    private readonly TextRecords _records;
    private readonly TimeProvider _clock;

    internal DomainSigning(PortalDatabase database, KeyBroker.KeyBroker broker, TextRecords records, TimeProvider clock) =>
        (_database, _broker, _records, _clock) = (database, broker, records, clock);

    /// <summary>The newest first; those retired longer than a week are left out.</summary>
    public async Task<IReadOnlyList<DomainKeyView>> ListAsync(Actor actor, OrganisationDomainId domain, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        var since = _clock.GetUtcNow() - KeptAfter;
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await DomainStore.Of(db, actor.Organisation).Where(one => one.Id == domain).Select(one => one.Name).SingleOrDefaultAsync(cancellationToken) is not { } name)
        {
            return [];
        }

        var rows = await Of(db, actor.Organisation, domain)
            .Where(one => one.RetiredAt == null || one.RetiredAt > since)
            .OrderByDescending(one => one.CreatedAt)
            .Select(one => new { Key = one, Public = db.ManagedKeys.Where(managed => managed.Id == one.KeyId).Select(managed => managed.SubjectPublicKeyInfo).Single() })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new DomainKeyView(
            row.Key.Id, row.Key.Selector, RecordName(row.Key, name), $"v=DKIM1; k=rsa; p={Convert.ToBase64String(row.Public)}", row.Key.State, row.Key.SigningSince, row.Key.RetiredAt + KeptAfter));
    }

    /// <summary>Makes a key; it signs when its record has been found. One that waits already stays.</summary>
    public async Task<SigningPreparation> PrepareAsync(Actor actor, OrganisationDomainId domain, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        string store;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            if (!await DomainStore.Of(db, actor.Organisation).AnyAsync(one => one.Id == domain && one.ProvedAt != null, cancellationToken))
            {
                return SigningPreparation.NotProved;
            }

            if (await Of(db, actor.Organisation, domain).AnyAsync(one => one.State == DomainKeyState.Waiting, cancellationToken))
            {
                return SigningPreparation.Waits;
            }

            store = await db.Organisations.Where(one => one.Id == actor.Organisation).Select(one => one.OwnKeyStore).SingleAsync(cancellationToken);
        }

        ManagedKey key;
        try
        {
            key = await _broker.CreateAsync(actor, null, KeyPurpose.SignForDomain, KeyAlgorithm.Rsa2048, store, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return SigningPreparation.NoKeyStore;
        }

        await using var write = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await DomainStore.Of(write, actor.Organisation).SingleOrDefaultAsync(one => one.Id == domain && one.ProvedAt != null, cancellationToken) is not { } row)
        {
            return SigningPreparation.NotProved;
        }

        var now = _clock.GetUtcNow();
        var selector = string.Create(CultureInfo.InvariantCulture, $"p{now:yyyyMMdd}{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 4)}");
        KeyBroker.KeyBroker.Add(write, actor, key);
        write.DomainKeys.Add(new DomainKey(row, selector, key.Id, now));
        Record(write, actor, row.Id, "prepared", selector);
        await write.CommitAsync(cancellationToken);
        return SigningPreparation.Waits;
    }

    /// <summary>Looks for the waiting key's record; when it is there, the key signs, and the one before it retires.</summary>
    public async Task<SigningStart> StartAsync(Actor actor, OrganisationDomainId domain, CancellationToken cancellationToken)
    {
        if ((await ListAsync(actor, domain, cancellationToken)).FirstOrDefault(one => one.State == DomainKeyState.Waiting) is not { } waiting)
        {
            return new SigningStart.NothingWaits();
        }

        switch (await _records.AskAsync(waiting.RecordName, cancellationToken))
        {
            case TextAnswer.NoRecord:
                return new SigningStart.NoRecord();
            case TextAnswer.Found found when !found.Texts.Any(text => KeyOf(text) == KeyOf(waiting.RecordValue)):
                return new SigningStart.OtherValue([.. found.Texts.Take(5).Select(text => text.Length > 200 ? $"{text[..200]}…" : text)]);
            case TextAnswer.Found:
                await SwitchAsync(actor, domain, waiting.Id, cancellationToken);
                return new SigningStart.Started();
            default:
                return new SigningStart.NoAnswer();
        }
    }

    /// <summary>No key of the domain signs any more.</summary>
    public Task StopAsync(Actor actor, OrganisationDomainId domain, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageOrganisation);
        return SwitchAsync(actor, domain, null, cancellationToken);
    }

    private async Task SwitchAsync(Actor actor, OrganisationDomainId domain, DomainKeyId? starts, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var now = _clock.GetUtcNow();
        foreach (var key in await Of(db, actor.Organisation, domain).Where(one => one.State != DomainKeyState.Retired).ToListAsync(cancellationToken))
        {
            if (key.Id == starts)
            {
                key.Start(now);
                Record(db, actor, domain, "started", key.Selector);
            }
            else
            {
                key.Retire(now);
                Record(db, actor, domain, "retired", key.Selector);
            }
        }

        await db.CommitAsync(cancellationToken);
    }

    private static IQueryable<DomainKey> Of(PortalDbContext db, OrganisationId organisation, OrganisationDomainId domain) =>
        db.DomainKeys.Where(one => one.OrganisationId == organisation && one.DomainId == domain);

    private static string RecordName(DomainKey key, string domain) => $"{key.Selector}._domainkey.{domain}";

    // RFC 6376 §3.6.1: tags in any order, blanks wherever somebody's form has put them.
    private static string? KeyOf(string record) => record.Split(';')
        .Select(tag => string.Concat(tag.Where(character => !char.IsWhiteSpace(character))))
        .FirstOrDefault(tag => tag.StartsWith("p=", StringComparison.Ordinal));

    private static void Record(PortalDbContext db, Actor actor, OrganisationDomainId domain, string step, string selector) =>
        db.Record(new AuditEvent(actor, AuditAction.DomainSigningChanged, domain.Value, new Dictionary<string, string> { ["step"] = step, ["selector"] = selector }));
}
