using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.Audit;

namespace Portal.Application.SecureLinks;

/// <summary>How somebody who holds a link shows by a passkey that they are its reader.</summary>
public sealed class PasskeyEntry
{
    public const int MostTries = 5;
    private static readonly TimeSpan TriesLast = TimeSpan.FromHours(1);

    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly ReaderSessions _sessions;
    private readonly TimeProvider _clock;

    internal PasskeyEntry(PortalDatabase database, IDirectory directory, ReaderSessions sessions, TimeProvider clock) =>
        (_database, _directory, _sessions, _clock) = (database, directory, sessions, clock);

    /// <param name="token">Of the link.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<bool> IsOfferedAsync(string token, Uri address, CancellationToken cancellationToken)
    {
        if (!PasskeyCeremony.CanBeAt(address) || await FindAsync(token, cancellationToken) is not { } found)
        {
            return false;
        }

        var host = PasskeyCeremony.HostOf(address);
        await using var db = await _database.ReadAsync(found.Link.OrganisationId, cancellationToken);
        return await db.ReaderPasskeys.AnyAsync(one => one.OrganisationId == found.Link.OrganisationId && one.ReaderId == found.Reader.Id && one.Host == host, cancellationToken);
    }

    /// <summary>What the browser is to be asked. Changes nothing.</summary>
    /// <param name="token">Of the link.</param>
    /// <param name="address">Of the page: passkeys of other hosts are not asked for.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null for a link that leads nowhere or is closed, and for whoever has no passkey at that address: one answer.</returns>
    public async Task<PasskeyQuestion?> AskAsync(string token, Uri address, CancellationToken cancellationToken)
    {
        if (!PasskeyCeremony.CanBeAt(address) || await FindAsync(token, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var db = await _database.ReadAsync(found.Link.OrganisationId, cancellationToken);
        using var ceremony = await PasskeyCeremony.OfAsync(db, found.Reader, address, cancellationToken);
        if (ceremony.Passkeys.Count == 0)
        {
            return null;
        }

        var (options, challenge) = await ceremony.AskAsync();
        return new PasskeyQuestion(options, new PasskeyAsked(found.Reader.Id.Value, null, found.Reader.PasskeyRound, _clock.GetUtcNow(), challenge).ToState());
    }

    /// <summary>Each answer counts before it is looked at, and each question once.</summary>
    /// <param name="token">Of the link.</param>
    /// <param name="state">What was asked, out of the browser's cookie.</param>
    /// <param name="credential">The browser's answer, as JSON.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="origin">Where from.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null for no, whatever the reason.</returns>
    public async Task<CodeEntry.Proved?> EnterAsync(string token, string? state, string credential, Uri address, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        if (!PasskeyCeremony.CanBeAt(address) || await FindAsync(token, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var db = await _database.WriteAsync(found.Link.OrganisationId, cancellationToken);
        var isTheirs = PasskeyAsked.Of(state, found.Reader.Id, null, now) is { } asked
            && await CountAsync(db, found.Reader, asked.Round, now, cancellationToken)
            && await VerifyAsync(db, found.Reader, asked.Challenge, credential, address, now, cancellationToken);
        var proved = isTheirs ? new CodeEntry.Proved(_sessions.Begin(db, found.Reader, origin, ReaderProof.Passkey), found.Link.Id) : null;
        if (proved is null)
        {
            db.Record(new AuditEvent(new Actor.Portal(found.Link.OrganisationId, "secure-links"), AuditAction.ReaderPasskeyRefused, found.Reader.Id.Value));
        }

        await db.CommitAsync(cancellationToken);
        return proved;
    }

    /// <returns>False when that question was answered before, or there were too many wrong answers.</returns>
    private static async Task<bool> CountAsync(PortalDbContext db, Reader reader, long round, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - TriesLast;
        await Own(db, reader)
            .Where(one => one.PasskeyTriesSince == null || one.PasskeyTriesSince < oldest)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.PasskeyTries, 0).SetProperty(one => one.PasskeyTriesSince, (DateTimeOffset?)now), cancellationToken);
        return await Own(db, reader)
            .Where(one => one.PasskeyRound == round && one.PasskeyTries < MostTries)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.PasskeyRound, round + 1).SetProperty(one => one.PasskeyTries, one => one.PasskeyTries + 1), cancellationToken) == 1;
    }

    private static async Task<bool> VerifyAsync(PortalDbContext db, Reader reader, string challenge, string credential, Uri address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The reader's row is ours since the answer was counted: nobody else changes a counter meanwhile.
        using var ceremony = await PasskeyCeremony.OfAsync(db, reader, address, cancellationToken);
        if (await ceremony.VerifyAsync(challenge, credential) is not { } used)
        {
            return false;
        }

        ceremony.Passkeys.Single(one => one.CredentialId.AsSpan().SequenceEqual(used.CredentialId)).Use(used, now);
        await Own(db, reader).ExecuteUpdateAsync(set => set.SetProperty(one => one.PasskeyTries, 0), cancellationToken);
        return true;
    }

    private static IQueryable<Reader> Own(PortalDbContext db, Reader reader) => db.Readers.Where(one => one.OrganisationId == reader.OrganisationId && one.Id == reader.Id);

    /// <returns>Null for a link that opens nothing.</returns>
    private async Task<FoundLink?> FindAsync(string token, CancellationToken cancellationToken) =>
        await FoundLink.FindAsync(_database, _directory, token, cancellationToken) is { } found && found.IsOpen(_clock.GetUtcNow()) ? found : null;
}
