using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;

namespace Portal.Application.SecureLinks;

/// <summary>A reader who has proved who they are, as their browser's cookie says.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Proof">By what.</param>
/// <param name="Token">The cookie's; what they opened rests under it.</param>
public sealed record SignedInReader(Actor.Reader Actor, ReaderProof Proof, string Token)
{
    public override string ToString() => $"{nameof(SignedInReader)} {Actor.Id}";
}

/// <summary>Begins, finds and ends the sessions of readers.</summary>
public sealed class ReaderSessions
{
    private const int TokenLength = 32;
    private static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(1);

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly SecureLinkOptions _options;
    private readonly TimeProvider _clock;

    internal ReaderSessions(PortalDatabase database, IDirectory directory, IOptions<SecureLinkOptions> options, TimeProvider clock) =>
        (_database, _directory, _options, _clock) = (database, directory, options.Value, clock);

    /// <returns>Null for a session that has ended, was idle too long, or never was.</returns>
    public Task<SignedInReader?> FindAsync(string token, CancellationToken cancellationToken) => FindAsync(token, _options.Idle, cancellationToken);

    /// <summary>Also one that was idle too long: what somebody typed meanwhile can still be put down, and nothing read.</summary>
    public Task<SignedInReader?> FindLapsedAsync(string token, CancellationToken cancellationToken) => FindAsync(token, _options.Longest, cancellationToken);

    private async Task<SignedInReader?> FindAsync(string token, TimeSpan idle, CancellationToken cancellationToken)
    {
        if (LinkTokens.Sha256(token) is not { } sha256 || await _directory.FindReaderSessionAsync(sha256, cancellationToken) is not { } place)
        {
            return null;
        }

        var now = _clock.GetUtcNow();
        var (oldest, earliest) = (now - idle, now - _options.Longest);
        ReaderSession? session;
        await using (var db = await _database.ReadAsync(place.Organisation, cancellationToken))
        {
            session = await db.ReaderSessions.SingleOrDefaultAsync(
                one => one.OrganisationId == place.Organisation && one.Id == place.Session && one.EndedAt == null && one.LastSeenAt > oldest && one.BeganAt > earliest,
                cancellationToken);
        }

        if (session is null)
        {
            return null;
        }

        if (now - session.LastSeenAt > SeenGrain && idle == _options.Idle)
        {
            await using var db = await _database.WriteAsync(place.Organisation, cancellationToken);
            await db.ReaderSessions
                .Where(one => one.OrganisationId == place.Organisation && one.Id == place.Session)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.LastSeenAt, now), cancellationToken);
            await db.CommitAsync(cancellationToken);
        }

        return new SignedInReader(new Actor.Reader(place.Organisation, session.ReaderId, session.Id), session.Proof, token);
    }

    /// <summary>What was opened in it opens no more.</summary>
    public async Task EndAsync(SignedInReader reader, CancellationToken cancellationToken)
    {
        var (actor, now) = (reader.Actor, _clock.GetUtcNow());
        await using var db = await _database.WriteAsync(actor.Organisation, cancellationToken);
        await db.ReaderSessions
            .Where(one => one.OrganisationId == actor.Organisation && one.Id == actor.Session && one.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.EndedAt, (DateTimeOffset?)now), cancellationToken);
        await db.LinkOpenings
            .Where(one => one.OrganisationId == actor.Organisation && one.SessionId == actor.Session)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.SealedKey, (byte[]?)null), cancellationToken);
        db.Record(new AuditEvent(actor, AuditAction.ReaderLeft, actor.Id.Value));
        await db.CommitAsync(cancellationToken);
    }

    internal SignedInReader Begin(PortalDbContext db, Reader reader, SessionOrigin origin, ReaderProof proof)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenLength));
        var session = new ReaderSession(reader, LinkTokens.Sha256(token)!, origin, proof, _clock.GetUtcNow());
        db.ReaderSessions.Add(session);
        var actor = new Actor.Reader(reader.OrganisationId, reader.Id, session.Id);
        db.Record(new AuditEvent(
            actor,
            AuditAction.ReaderProved,
            reader.Id.Value,
            new Dictionary<string, string> { ["proof"] = proof.ToString(), ["session"] = session.Id.ToString() }));
        return new SignedInReader(actor, proof, token);
    }

    /// <summary>Under what only the browser's cookie holds.</summary>
    internal static SealingKey KeyOf(SignedInReader reader)
    {
        using var secret = new SealingKey(Base64Url.DecodeFromChars(reader.Token));
        return secret.Derive("reader session"u8);
    }
}
