using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.Certificates;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.KeyManagement;

/// <summary>An organisation's private keys and who holds them, for its administrators.</summary>
public sealed class KeyDesk
{
    public const int PageSize = 50;

    private readonly PortalDatabase _database;
    private readonly ConfiguredKeyStores _stores;
    private readonly FourEyes _approvals;
    private readonly TimeProvider _clock;

    internal KeyDesk(PortalDatabase database, ConfiguredKeyStores stores, FourEyes approvals, TimeProvider clock) =>
        (_database, _stores, _approvals, _clock) = (database, stores, approvals, clock);

    /// <summary>All that are configured, and those that keys are said to be in.</summary>
    public async Task<IReadOnlyList<KeyStoreView>> StoresAsync(Actor actor, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        Dictionary<string, int> counts;
        await using (var db = await _database.ReadAsync(actor.Organisation, cancellationToken))
        {
            counts = await db.ManagedKeys
                .Where(one => one.OrganisationId == actor.Organisation && one.DestroyedAt == null)
                .GroupBy(one => one.Store)
                .Select(group => new { Store = group.Key, Keys = group.Count() })
                .ToDictionaryAsync(one => one.Store, one => one.Keys, cancellationToken);
        }

        var reports = _stores.Reports();
        return
        [
            .. reports.Select(one => new KeyStoreView(
                one.Store,
                Residence(one.Holding.Kind),
                one.Holding.SealedBy,
                one.State == KeyStoreState.LeftAlone,
                one.Asked,
                one.Failed,
                one.Median,
                one.Slowest,
                one.LastFailure,
                one.LastFailureAt,
                counts.GetValueOrDefault(one.Store))),
            .. counts.Where(one => reports.All(report => report.Store != one.Key)).Select(one =>
                new KeyStoreView(one.Key, KeyResidence.NotConfigured, null, false, 0, 0, null, null, null, null, one.Value)),
        ];
    }

    /// <summary>Asks a store whether it is there.</summary>
    public async Task<KeyStoreAnswer> AskAsync(Actor actor, string store, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var began = _clock.GetTimestamp();
        try
        {
            await _stores.CheckAsync(store, cancellationToken);
            return new KeyStoreAnswer(true, _clock.GetElapsedTime(began), null);
        }
        catch (KeyStoreException exception)
        {
            return new KeyStoreAnswer(false, _clock.GetElapsedTime(began), exception.Message);
        }
    }

    /// <summary>The organisation's own first, then people's by their names.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="filter">What is looked for.</param>
    /// <param name="page">From 0.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<KeyRows> ListAsync(Actor actor, KeyFilter filter, int page, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var now = _clock.GetUtcNow();
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        var found = Owned(db, Filtered(db, actor.Organisation, filter, now));
        if (PlainText.Name(filter.Words ?? string.Empty) is { } words)
        {
            var wanted = Account.Normalise(words);
#pragma warning disable CA1304, CA1311, CA1862 // Becomes lower() in SQL.
            found = found.Where(one => one.Owner != null && (one.Owner.NormalisedEmail.Contains(wanted) || one.Owner.DisplayName.ToLower().Contains(wanted)));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await found.CountAsync(cancellationToken);
        var rows = await found
            .OrderBy(one => one.Key.OwnerId != null)
            .ThenBy(one => one.Owner!.DisplayName)
            .ThenBy(one => one.Key.Purpose)
            .ThenByDescending(one => one.Key.CreatedAt)
            .Skip(page * PageSize)
            .Take(PageSize)
            .ToListAsync(cancellationToken);
        return new KeyRows(rows.ConvertAll(one => Row(one, now)), total);
    }

    /// <returns>Null when the organisation has no such key.</returns>
    public async Task<KeyDetails?> FindAsync(Actor.Person actor, ManagedKeyId id, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.ManageCertificates);
        var now = _clock.GetUtcNow();
        var waiting = actor.Roles.Allow(Permission.ManagePeople)
            ? (await _approvals.ListAsync(actor, ApprovalKind.DestroyKey, cancellationToken)).FirstOrDefault(one => one.Subject == id.Value)
            : null;
        await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
        if (await Owned(db, db.ManagedKeys.Where(one => one.OrganisationId == actor.Organisation && one.Id == id)).SingleOrDefaultAsync(cancellationToken) is not { } found)
        {
            return null;
        }

        var key = found.Key;
        var certificates = await KeyObstacles.Naming(db, key).Where(one => one.Encoded != null).OrderByDescending(one => one.CreatedAt).ToListAsync(cancellationToken);
        return new KeyDetails(
            Row(found, now),
            Convert.ToHexStringLower(SHA256.HashData(key.SubjectPublicKeyInfo)),
            key.Name,
            key.ReplacedAt,
            key.DisabledAt,
            key.DestroyedAt,
            certificates.ConvertAll(one => new KeyCertificate(
                one.Id, one.SerialNumber, one.Address, one.NotBefore, one.NotAfter, one.State == CertificateState.Revoked, one.State == CertificateState.Issued && one.NotAfter >= now)),
            Replacement(key),
            key.DestroyedAt is null ? await KeyObstacles.OfAsync(db, key, now, cancellationToken) : [],
            key.Purpose == KeyPurpose.OpenMessage ? await KeyObstacles.Unopened(db, key).CountAsync(cancellationToken) : 0,
            waiting);
    }

    private static IQueryable<ManagedKey> Filtered(PortalDbContext db, OrganisationId organisation, KeyFilter filter, DateTimeOffset now)
    {
        var keys = db.ManagedKeys.Where(one => one.OrganisationId == organisation && one.ReaderId == null);
        keys = filter.Standing switch
        {
            KeyStanding.InUse => keys.Where(one => one.DestroyedAt == null && one.DisabledAt == null && one.ReplacedAt == null),
            KeyStanding.Replaced => keys.Where(one => one.DestroyedAt == null && one.DisabledAt == null && one.ReplacedAt != null),
            KeyStanding.Resting => keys.Where(one => one.DestroyedAt == null && one.DisabledAt == null && one.RestsUntil > now),
            KeyStanding.Disabled => keys.Where(one => one.DestroyedAt == null && one.DisabledAt != null),
            KeyStanding.Destroyed => keys.Where(one => one.DestroyedAt != null),
            _ => keys.Where(one => one.DestroyedAt == null),
        };
        keys = filter.Purpose is { } purpose ? keys.Where(one => one.Purpose == purpose) : keys;
        return filter.Store is { Length: > 0 } store ? keys.Where(one => one.Store == store) : keys;
    }

    private static IQueryable<OwnedKey> Owned(PortalDbContext db, IQueryable<ManagedKey> keys) =>
        from key in keys
        join account in db.Accounts on key.OwnerId equals (AccountId?)account.Id into owners
        from owner in owners.DefaultIfEmpty()
        select new OwnedKey { Key = key, Owner = owner };

    private static KeyRow Row(OwnedKey found, DateTimeOffset now)
    {
        var key = found.Key;
        return new KeyRow(
            key.Id,
            key.Purpose,
            AlgorithmName(key.Algorithm),
            key.Store,
            found.Owner?.DisplayName ?? (key.OwnerId is null ? null : string.Empty),
            found.Owner?.Email,
            key.CreatedAt,
            key.LastUsedAt,
            key.UsedOn == DateOnly.FromDateTime(now.UtcDateTime) ? key.UsesThatDay : 0,
            Standing(key, now),
            key.RestsUntil > now ? key.RestsUntil : null,
            key.RefusedAt,
            key.Refusal);
    }

    private static KeyStanding Standing(ManagedKey key, DateTimeOffset now) =>
        key.DestroyedAt is not null ? KeyStanding.Destroyed
        : key.DisabledAt is not null ? KeyStanding.Disabled
        : key.RestsUntil > now ? KeyStanding.Resting
        : key.ReplacedAt is not null ? KeyStanding.Replaced
        : KeyStanding.InUse;

    private static KeyReplacement Replacement(ManagedKey key) =>
        key.ReplacedAt is not null || key.DestroyedAt is not null ? KeyReplacement.Done : key.Purpose switch
        {
            KeyPurpose.SignMessage or KeyPurpose.OpenMessage or KeyPurpose.UnwrapDataKey => KeyReplacement.Here,
            KeyPurpose.SignForDomain => KeyReplacement.OnDomainPage,
            KeyPurpose.AnswerForAuthority => KeyReplacement.ByItself,
            KeyPurpose.CertificateAuthority or KeyPurpose.SignNotice or KeyPurpose.SignForList or KeyPurpose.OpenForList or KeyPurpose.OpenSecureLink => KeyReplacement.NotHere,
        };

    private static string AlgorithmName(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Rsa2048 => "RSA 2048",
        KeyAlgorithm.Rsa3072 => "RSA 3072",
        KeyAlgorithm.Rsa4096 => "RSA 4096",
        KeyAlgorithm.P256 => "P-256",
        KeyAlgorithm.P384 => "P-384",
        KeyAlgorithm.P521 => "P-521",
    };

    private static KeyResidence Residence(KeyHoldingKind kind) => kind switch
    {
        KeyHoldingKind.Software => KeyResidence.Software,
        KeyHoldingKind.SoftwareSealedByOther => KeyResidence.SoftwareSealedByOther,
        KeyHoldingKind.Token => KeyResidence.Token,
        KeyHoldingKind.Vault => KeyResidence.Vault,
    };

    private sealed class OwnedKey
    {
        public required ManagedKey Key { get; init; }

        public required Account? Owner { get; init; }
    }
}
