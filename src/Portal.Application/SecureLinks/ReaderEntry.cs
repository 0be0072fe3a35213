using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Work;
using Portal.Smime.Keys;

namespace Portal.Application.SecureLinks;

/// <summary>How somebody who holds a link shows that they are its reader.</summary>
public sealed class ReaderEntry
{
    private static readonly CompiledQuery<Func<PortalDbContext, OrganisationId, SecureLinkId, CancellationToken, Task<LandedLink?>>> Landing = new(() =>
        EF.CompileAsyncQuery((PortalDbContext db, OrganisationId owner, SecureLinkId id, CancellationToken cancellationToken) => (
            from link in db.SecureLinks
            join message in db.SecureMessages on link.MessageId equals message.Id
            join reader in db.Readers on link.ReaderId equals reader.Id
            join organisation in db.Organisations on link.OrganisationId equals organisation.Id
            join brand in db.Brands on organisation.Id equals brand.OrganisationId into brands
            from brand in brands.DefaultIfEmpty()
            where link.OrganisationId == owner && link.Id == id && link.ReadyAt != null
            let hasPasskey = db.ReaderPasskeys.Any(passkey => passkey.OrganisationId == owner && passkey.ReaderId == reader.Id)
            select new LandedLink(new FoundLink(link, message, reader), organisation.Name, brand, organisation.DeviceDays, hasPasskey)).SingleOrDefault()));

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly DataKeys _keys;
    private readonly Notices _notices;
    private readonly LinkNotices _words;
    private readonly ReaderSessions _sessions;
    private readonly BrandReading _brands;
    private readonly TimeProvider _clock;

    internal ReaderEntry(
        PortalDatabase database, IDirectory directory, DataKeys keys, Notices notices, LinkNotices words, ReaderSessions sessions, BrandReading brands, TimeProvider clock)
    {
        (_database, _directory, _keys, _brands) = (database, directory, keys, brands);
        (_notices, _words, _sessions, _clock) = (notices, words, sessions, clock);
    }

    /// <inheritdoc cref="LandAsync"/>
    public async Task<LinkLook> LookAsync(string token, string? device, CancellationToken cancellationToken) => (await LandAsync(token, device, cancellationToken)).Look;

    /// <summary>Changes nothing.</summary>
    /// <param name="token">Of the link.</param>
    /// <param name="device">Of the browser's cookie, if it has one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<LinkLanding> LandAsync(string token, string? device, CancellationToken cancellationToken)
    {
        if (LinkTokens.Sha256(token) is not { } sha256 || await _directory.FindSecureLinkAsync(sha256, cancellationToken) is not { } place)
        {
            return new LinkLanding(new LinkLook.Unknown(), null);
        }

        // Whoever has a link asks here, and often: in one transaction.
        LandedLink? landed;
        var isRecognised = false;
        await using (var db = await _database.ReadAsync(place.Organisation, cancellationToken))
        {
            landed = await Landing.Of(db)(db, place.Organisation, place.Link, cancellationToken);
            if (landed is not null && landed.Found.IsOpen(_clock.GetUtcNow()))
            {
                isRecognised = await ReaderDevices.IsKnownAsync(db, landed.Found.Reader, device, _clock.GetUtcNow(), cancellationToken);
            }
        }

        if (landed is null)
        {
            return new LinkLanding(new LinkLook.Unknown(), null);
        }

        var view = await _brands.ViewAsync(place.Organisation, landed.Name, landed.Brand, cancellationToken);
        return new LinkLanding(await LookAsync(landed.Found, view, landed.DeviceDays, isRecognised, landed.HasPasskey, cancellationToken), view);
    }

    private async Task<LinkLook> LookAsync(FoundLink found, BrandView brand, int days, bool isRecognised, bool hasPasskey, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await _keys.OfOrganisationAsync(found.Link.OrganisationId, cancellationToken);
            var sender = found.Message.Sender(key);
            return found.Message.RecalledAt is not null ? new LinkLook.Recalled(found.Message.AuthorId is null ? sender.Name : null)
                : _clock.GetUtcNow() >= found.Message.ExpiresAt ? new LinkLook.Expired(sender.Name, found.Message.ExpiresAt)
                : found.Link.WrappedKey is null ? (found.IsSpent ? new LinkLook.Spent(sender.Name) : new LinkLook.Ended(sender.Name))
                : new LinkLook.Open(
                    found.Link.Id,
                    sender.Name,
                    sender.Address,
                    brand.Name,
                    found.Reader.Masked(key),
                    found.Message.ExpiresAt,
                    isRecognised,
                    days,
                    found.Reader.HasApp,
                    hasPasskey,
                    found.Link.IsGroup,
                    found.Message.OpensOnce && !found.Link.IsGroup,
                    found.Message.AsksOwnProof && (found.Reader.HasApp || hasPasskey));
        }
        catch (KeyStoreException)
        {
            return new LinkLook.KeyUnavailable();
        }
    }

    /// <summary>Has whoever reads here mailed the link to their newest message. Of others nothing is said, and the same is done: nobody learns whose address is known.</summary>
    /// <returns>False while the key store does not answer.</returns>
    public async Task<bool> AskForLinkAsync(OrganisationId organisation, string address, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await _keys.OfOrganisationAsync(organisation, cancellationToken);
            var token = Reader.TokenOf(address.Trim(), key);
            await using var db = await _database.WriteAsync(organisation, cancellationToken);
            var known = await db.Readers
                .Where(one => one.OrganisationId == organisation && one.AddressToken == token && one.ClosedAt == null)
                .Select(one => one.Id)
                .Take(1)
                .ToListAsync(cancellationToken);
            var subject = known.Count > 0 ? known[0] : ReaderId.New();
            await Readers.HoldAsync(db, organisation, subject, cancellationToken);
            await WorkQueue.EnqueueOnceAsync(db, organisation, WorkKind.MailReaderLink, subject.Value, cancellationToken);
            await db.CommitAsync(cancellationToken);
            return true;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    /// <summary>Makes every earlier code of this reader worthless.</summary>
    public async Task<CodeSending> SendCodeAsync(string token, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } found || !found.IsOpen(_clock.GetUtcNow()))
        {
            return new CodeSending.Closed();
        }

        try
        {
            return await SendCodeAsync(found, cancellationToken);
        }
        catch (KeyStoreException)
        {
            return new CodeSending.KeyUnavailable();
        }
    }

    /// <summary>Each try counts before it is looked at, so that many at once are many.</summary>
    public async Task<CodeEntry> EnterAsync(string token, string code, SessionOrigin origin, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } found || !found.IsOpen(_clock.GetUtcNow()))
        {
            return new CodeEntry.Closed();
        }

        try
        {
            using var key = await _keys.OfOrganisationAsync(found.Link.OrganisationId, cancellationToken);
            var entered = ReaderCode.TokenOf(found.Reader.Id, ReaderCode.DigitsOf(code), key);
            await using var db = await _database.WriteAsync(found.Link.OrganisationId, cancellationToken);
            var entry = await TryAsync(db, found, entered, origin, cancellationToken);
            await db.CommitAsync(cancellationToken);
            return entry;
        }
        catch (KeyStoreException)
        {
            return new CodeEntry.KeyUnavailable();
        }
    }

    /// <summary>In a browser that is recognised.</summary>
    /// <param name="token">Of the link.</param>
    /// <param name="device">Of the browser's cookie.</param>
    /// <param name="origin">Where from.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Proved, Dead for a browser that is not, or Closed.</returns>
    public async Task<CodeEntry> EnterByDeviceAsync(string token, string? device, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (await FindAsync(token, cancellationToken) is not { } found || !found.IsOpen(now))
        {
            return new CodeEntry.Closed();
        }

        await using var db = await _database.WriteAsync(found.Link.OrganisationId, cancellationToken);
        if (!await ReaderDevices.IsKnownAsync(db, found.Reader, device, now, cancellationToken))
        {
            return new CodeEntry.Dead();
        }

        var reader = _sessions.Begin(db, found.Reader, origin, ReaderProof.Device);
        await db.CommitAsync(cancellationToken);
        return new CodeEntry.Proved(reader, found.Link.Id);
    }

    /// <summary>By a code of the app that they set up in an earlier visit.</summary>
    /// <returns>Proved, Wrong, Dead after too many, Closed, or KeyUnavailable.</returns>
    public async Task<CodeEntry> EnterByAppAsync(string token, string code, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (await FindAsync(token, cancellationToken) is not { Reader.HasApp: true } found || !found.IsOpen(now))
        {
            return new CodeEntry.Closed();
        }

        try
        {
            using var key = await _keys.OfOrganisationAsync(found.Link.OrganisationId, cancellationToken);
            await using var db = await _database.WriteAsync(found.Link.OrganisationId, cancellationToken);
            var left = await ReaderApps.TryAsync(db, found.Reader, code, key, now, cancellationToken);
            CodeEntry entry = left switch
            {
                null => new CodeEntry.Proved(_sessions.Begin(db, found.Reader, origin, ReaderProof.App), found.Link.Id),
                0 => new CodeEntry.Dead(),
                { } tries => new CodeEntry.Wrong(tries),
            };
            if (left is not null)
            {
                db.Record(new AuditEvent(new Actor.Portal(found.Link.OrganisationId, "secure-links"), AuditAction.ReaderCodeRefused, found.Reader.Id.Value));
            }

            await db.CommitAsync(cancellationToken);
            return entry;
        }
        catch (KeyStoreException)
        {
            return new CodeEntry.KeyUnavailable();
        }
    }

    private async Task<CodeSending> SendCodeAsync(FoundLink found, CancellationToken cancellationToken)
    {
        var organisation = found.Link.OrganisationId;
        using var key = await _keys.OfOrganisationAsync(organisation, cancellationToken);
        var now = _clock.GetUtcNow();
        Mailbox mailbox;
        await using (var read = await _database.ReadAsync(organisation, cancellationToken))
        {
            if (await read.ReaderCodes.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.ReaderId == found.Reader.Id, cancellationToken) is { } earlier
                && Unsent(earlier, now) is { } early)
            {
                return early;
            }

            mailbox = await read.Mailboxes.SingleAsync(one => one.OrganisationId == organisation && one.Id == found.Message.MailboxId, cancellationToken);
        }

        var code = RandomNumberGenerator.GetInt32((int)Math.Pow(10, ReaderCode.Digits)).ToString($"D{ReaderCode.Digits}", CultureInfo.InvariantCulture);
        var brand = await _words.BrandOfAsync(organisation, cancellationToken);
        var notice = await _words.OfCodeAsync(mailbox, brand, found.Message.Sender(key), found.Reader, key, code, cancellationToken);
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        await Readers.HoldAsync(db, organisation, found.Reader.Id, cancellationToken);
        var row = await db.ReaderCodes.SingleOrDefaultAsync(one => one.OrganisationId == organisation && one.ReaderId == found.Reader.Id, cancellationToken);
        if (row is null)
        {
            row = new ReaderCode(found.Reader);
            db.ReaderCodes.Add(row);
        }
        else if (Unsent(row, now) is { } early)
        {
            return early;
        }

        row.Send(ReaderCode.TokenOf(found.Reader.Id, code, key), now);
        await _notices.EnqueueAsync(db, notice, cancellationToken);
        db.Record(new AuditEvent(new Actor.Portal(organisation, "secure-links"), AuditAction.ReaderCodeSent, found.Reader.Id.Value));
        await db.CommitAsync(cancellationToken);
        return new CodeSending.Sent();
    }

    /// <returns>Null when a code is to be sent.</returns>
    private static CodeSending? Unsent(ReaderCode earlier, DateTimeOffset now) =>
        earlier.IsJustSent(now) ? new CodeSending.Sent()
        : earlier.NextAt(now) is { } next ? new CodeSending.TooMany(next)
        : null;

    private async Task<CodeEntry> TryAsync(PortalDbContext db, FoundLink found, byte[] entered, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var living = db.ReaderCodes.Where(one => one.OrganisationId == found.Link.OrganisationId && one.ReaderId == found.Reader.Id
            && one.UsedAt == null && one.Tries < ReaderCode.MostTries && one.ExpiresAt > now);
        if (await living.ExecuteUpdateAsync(set => set.SetProperty(one => one.Tries, one => one.Tries + 1), cancellationToken) == 0)
        {
            return new CodeEntry.Dead();
        }

        var code = await db.ReaderCodes.AsNoTracking().SingleAsync(one => one.OrganisationId == found.Link.OrganisationId && one.ReaderId == found.Reader.Id, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(code.Token, entered))
        {
            db.Record(new AuditEvent(
                new Actor.Portal(found.Link.OrganisationId, "secure-links"),
                code.Tries < ReaderCode.MostTries ? AuditAction.ReaderCodeRefused : AuditAction.ReaderCodeKilled,
                found.Reader.Id.Value));
            return code.Tries < ReaderCode.MostTries ? new CodeEntry.Wrong(ReaderCode.MostTries - code.Tries) : new CodeEntry.Dead();
        }

        // The row is ours since it was counted: whoever comes with the same code finds it used.
        await db.ReaderCodes
            .Where(one => one.OrganisationId == found.Link.OrganisationId && one.ReaderId == found.Reader.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, (DateTimeOffset?)now), cancellationToken);
        return new CodeEntry.Proved(_sessions.Begin(db, found.Reader, origin, ReaderProof.Code), found.Link.Id);
    }

    private Task<FoundLink?> FindAsync(string token, CancellationToken cancellationToken) => FoundLink.FindAsync(_database, _directory, token, cancellationToken);

    /// <param name="Found">The link.</param>
    /// <param name="Name">The organisation's own.</param>
    /// <param name="Brand">Null where nothing was chosen.</param>
    /// <param name="DeviceDays">For how long browsers are recognised.</param>
    /// <param name="HasPasskey">The reader.</param>
    private sealed record LandedLink(FoundLink Found, string Name, Brand? Brand, int DeviceDays, bool HasPasskey);
}
