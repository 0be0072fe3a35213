using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <param name="Id">Its credential's, in base64url.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="Host">Where it works, and nowhere else.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="UsedAt">Last; null for not yet.</param>
public sealed record ReaderPasskeyView(string Id, string Name, string Host, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>Passkeys (WebAuthn) of readers: added in a visit, for the next ones.</summary>
public sealed class ReaderPasskeys
{
    public const int Most = 10;

    private readonly PortalDatabase _database;
    private readonly DataKeys _keys;
    private readonly BrandReading _brands;
    private readonly TimeProvider _clock;

    internal ReaderPasskeys(PortalDatabase database, DataKeys keys, BrandReading brands, TimeProvider clock) =>
        (_database, _keys, _brands, _clock) = (database, keys, brands, clock);

    /// <param name="address">Of the page; null for one that makes no sense.</param>
    public static bool CanBeAt(Uri? address) => address is not null && PasskeyCeremony.CanBeAt(address);

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ReaderPasskeyView>> ListAsync(SignedInReader signedIn, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(signedIn.Actor.Organisation, cancellationToken);
        var passkeys = await Own(db, signedIn.Actor).OrderBy(one => one.CreatedAt).ToListAsync(cancellationToken);
        return passkeys.ConvertAll(one => new ReaderPasskeyView(Base64Url.EncodeToString(one.CredentialId), one.Name, one.Host, one.CreatedAt, one.UsedAt));
    }

    /// <summary>Asks for a new one.</summary>
    /// <param name="signedIn">Who.</param>
    /// <param name="address">Of the page, to whose host it will be bound.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where none can be, they have as many as can be or another proof that they have not shown, or the key store does not answer.</returns>
    public async Task<PasskeyQuestion?> AskAsync(SignedInReader signedIn, Uri address, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        if (!CanBeAt(address))
        {
            return null;
        }

        try
        {
            var brand = await _brands.OfAsync(actor.Organisation, cancellationToken);
            using var key = await _keys.OfOrganisationAsync(actor.Organisation, cancellationToken);
            await using var db = await _database.ReadAsync(actor.Organisation, cancellationToken);
            if (await Own(db, actor).CountAsync(cancellationToken) >= Most || !await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken))
            {
                return null;
            }

            var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
            using var ceremony = await PasskeyCeremony.OfAsync(db, reader, address, cancellationToken);
            var name = reader.Address(key);
            var (options, challenge) = await ceremony.AskForNewAsync(name, $"{name} · {brand.Name}");
            return new PasskeyQuestion(options, new PasskeyAsked(actor.Id.Value, actor.Session.Value, reader.PasskeyRound, _clock.GetUtcNow(), challenge).ToState());
        }
        catch (KeyStoreException)
        {
            return null;
        }
    }

    /// <param name="signedIn">Who.</param>
    /// <param name="state">What they were asked, out of the browser's cookie.</param>
    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <param name="name">As its owner calls it.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>False when it does not answer what was asked, or they have as many as can be.</returns>
    public async Task<bool> AddAsync(SignedInReader signedIn, string? state, string credential, string name, Uri address, CancellationToken cancellationToken)
    {
        var (actor, now) = (signedIn.Actor, _clock.GetUtcNow());
        if (!CanBeAt(address) || PasskeyAsked.Of(state, actor.Id, actor.Session, now) is not { } asked)
        {
            return false;
        }

        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        var inTurn = await db.Readers
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id && one.PasskeyRound == asked.Round)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.PasskeyRound, one => one.PasskeyRound + 1), cancellationToken) == 1;
        if (!inTurn || await Own(db, actor).CountAsync(cancellationToken) >= Most || !await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken))
        {
            return false;
        }

        var reader = await db.Readers.SingleAsync(one => one.OrganisationId == actor.Organisation && one.Id == actor.Id, cancellationToken);
        using var ceremony = await PasskeyCeremony.OfAsync(db, reader, address, cancellationToken);
        var passkey = await ceremony.VerifyNewAsync(asked.Challenge, credential);
        if (passkey is not null)
        {
            var called = PlainText.Line(name, PlainText.LongestName - 1) is { Length: > 0 } given ? given : "Passkey";
            db.ReaderPasskeys.Add(new ReaderPasskey(reader, PasskeyCeremony.HostOf(address), passkey, called, now));
            db.Record(new AuditEvent(actor, AuditAction.ReaderPasskeyAdded, actor.Id.Value));
        }

        await db.CommitAsync(cancellationToken);
        return passkey is not null;
    }

    /// <param name="signedIn">Who.</param>
    /// <param name="id">Of the view.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RemoveAsync(SignedInReader signedIn, string id, CancellationToken cancellationToken)
    {
        var actor = signedIn.Actor;
        if (!Base64Url.IsValid(id))
        {
            return;
        }

        var credential = Base64Url.DecodeFromChars(id);
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        if (await OwnProofs.MayChangeAsync(db, signedIn, cancellationToken)
            && await Own(db, actor).Where(one => one.CredentialId == credential).ExecuteDeleteAsync(cancellationToken) == 1)
        {
            db.Record(new AuditEvent(actor, AuditAction.ReaderPasskeyRemoved, actor.Id.Value));
            await db.CommitAsync(cancellationToken);
        }
    }

    internal static Task ForgetAsync(PortalDbContext db, OrganisationId organisation, ReaderId reader, CancellationToken cancellationToken) =>
        db.ReaderPasskeys.Where(one => one.OrganisationId == organisation && one.ReaderId == reader).ExecuteDeleteAsync(cancellationToken);

    private static IQueryable<ReaderPasskey> Own(PortalDbContext db, Actor.Reader actor) =>
        db.ReaderPasskeys.Where(one => one.OrganisationId == actor.Organisation && one.ReaderId == actor.Id);
}
