using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <param name="Reader">The row.</param>
/// <param name="Key">Opens what is sealed for them.</param>
/// <param name="IsNew">Neither is on record yet.</param>
internal sealed record KnownReader(Reader Reader, ManagedKey Key, bool IsNew);

/// <summary>Finds an organisation's readers by their addresses, and makes those who are new.</summary>
internal sealed class Readers(PortalDatabase database, KeyBroker.KeyBroker broker, TimeProvider clock)
{
    private const int KeysAtOnce = 8;

    /// <summary>Outside any transaction; <see cref="Add"/> puts those who are new on record.</summary>
    /// <param name="actor">Whose organisation.</param>
    /// <param name="addresses">Each once.</param>
    /// <param name="language">Of those who are new.</param>
    /// <param name="organisation">The organisation's key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="KeyStoreException">The key store does not answer.</exception>
    public async Task<IReadOnlyList<KnownReader>> FindOrMakeAsync(
        Actor actor, IReadOnlyList<string> addresses, string language, SealingKey organisation, CancellationToken cancellationToken)
    {
        var tokens = addresses.Select(one => Reader.TokenOf(one, organisation)).ToList();
        Dictionary<string, KnownReader> known;
        await using (var db = await database.ReadAsync(actor.Organisation, cancellationToken))
        {
            known = await db.Readers
                .Where(one => one.OrganisationId == actor.Organisation && tokens.Contains(one.AddressToken))
                .Join(db.ManagedKeys, one => one.KeyId, key => key.Id, (reader, key) => new { reader, key })
                .ToDictionaryAsync(one => Convert.ToHexString(one.reader.AddressToken), one => new KnownReader(one.reader, one.key, false), cancellationToken);
        }

        var all = new KnownReader[addresses.Count];
        await Parallel.ForAsync(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellationToken }, async (index, cancelled) =>
            all[index] = known.TryGetValue(Convert.ToHexString(tokens[index]), out var found)
                ? found
                : await MakeAsync(actor, addresses[index], language, organisation, cancelled));
        return all;
    }

    public async Task<bool> IsAnyKnownAsync(OrganisationId organisation, IEnumerable<KnownReader> readers, CancellationToken cancellationToken)
    {
        var tokens = readers.Select(one => one.Reader.AddressToken).ToList();
        await using var db = await database.ReadAsync(organisation, cancellationToken);
        return await db.Readers.AnyAsync(one => one.OrganisationId == organisation && tokens.Contains(one.AddressToken), cancellationToken);
    }

    /// <summary>Who else holds the same reader waits until this is committed: what one asks for twice at a time comes one after the other.</summary>
    public static Task HoldAsync(PortalDbContext db, OrganisationId organisation, ReaderId id, CancellationToken cancellationToken) => db.Readers
        .Where(one => one.OrganisationId == organisation && one.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(one => one.Language, one => one.Language), cancellationToken);

    public static void Add(PortalDbContext db, Actor actor, KnownReader made)
    {
        db.Readers.Add(made.Reader);
        KeyBroker.KeyBroker.Add(db, actor, made.Key);
    }

    private async Task<KnownReader> MakeAsync(Actor actor, string address, string language, SealingKey organisation, CancellationToken cancellationToken)
    {
        var id = ReaderId.New();

        // Kept here, so that a thousand new readers cost a vault nothing: its key wraps the one that seals these.
        var key = await broker.CreateAsync(actor, null, KeyPurpose.OpenSecureLink, KeyAlgorithm.P256, KeyStoreOptions.Local, cancellationToken);
        key.OpenFor(id);
        return new KnownReader(new Reader(id, actor.Organisation, address, organisation, key.Id, language, clock.GetUtcNow()), key, true);
    }
}
