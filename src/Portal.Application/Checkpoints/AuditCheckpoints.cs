using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Application.Audit;
using Portal.Application.KeyBroker;
using Portal.Smime.Keys;

namespace Portal.Application.Checkpoints;

public abstract record CheckpointOutcome
{
    /// <param name="Sequence">Up to which entry the chain is fixed now.</param>
    /// <param name="At">When.</param>
    /// <param name="Key">SHA-256 of the public key that signed, hexadecimal: to be noted elsewhere.</param>
    public sealed record Written(long Sequence, DateTimeOffset At, string Key) : CheckpointOutcome;

    public sealed record NoTarget : CheckpointOutcome;

    /// <param name="Problem">In words.</param>
    public sealed record Failed(string Problem) : CheckpointOutcome;
}

/// <param name="HasTarget">Whether a second place is configured.</param>
/// <param name="WrittenAt">The last that was written.</param>
/// <param name="FailingSince">Null while it works.</param>
/// <param name="Problem">Why the last attempt failed, in words.</param>
public sealed record CheckpointStatus(bool HasTarget, DateTimeOffset? WrittenAt, DateTimeOffset? FailingSince, string? Problem);

/// <summary>Tells a second place what an organisation's chain is, so that a shorter or another one is noticed.</summary>
public sealed partial class AuditCheckpoints
{
    /// <summary>That its key was used is written after what it fixes.</summary>
    private const int ItsOwnEntries = 1;

    private readonly PortalDatabase _database;
    private readonly InstallationSigning _signing;
    private readonly CheckpointTarget _target;
    private readonly TimeProvider _clock;
    private readonly ILogger<AuditCheckpoints> _logger;

    internal AuditCheckpoints(PortalDatabase database, InstallationSigning signing, CheckpointTarget target, TimeProvider clock, ILogger<AuditCheckpoints> logger) =>
        (_database, _signing, _target, _clock, _logger) = (database, signing, target, clock, logger);

    public async Task<CheckpointOutcome> WriteAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        if (!_target.IsConfigured)
        {
            return new CheckpointOutcome.NoTarget();
        }

        var actor = new Actor.Portal(organisation, "checkpoints");
        CheckpointOutcome outcome;
        try
        {
            outcome = await WriteAsync(actor, await _signing.RequestAsync(actor, cancellationToken), cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            outcome = await FailAsync(actor, exception.Message, [], cancellationToken);
        }

        if (outcome is CheckpointOutcome.Failed { Problem: var problem })
        {
            LogFailed(organisation, problem);
        }

        return outcome;
    }

    public async Task<CheckpointStatus> StatusAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var state = await FindAsync(organisation, cancellationToken);
        return new CheckpointStatus(_target.IsConfigured, state?.WrittenAt, state?.FailingSince, state?.Problem);
    }

    /// <summary>Whether nothing has happened since the last one, and that is not long ago.</summary>
    internal async Task<bool> IsFreshAsync(OrganisationId organisation, TimeSpan longest, CancellationToken cancellationToken)
    {
        var state = await FindAsync(organisation, cancellationToken);
        var (sequence, _) = await EndAsync(organisation, cancellationToken);
        return state is { FailingSince: null, WrittenAt: { } at } && state.Sequence + ItsOwnEntries == sequence && _clock.GetUtcNow() - at < longest;
    }

    internal async Task<CheckpointState?> FindAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        return await db.CheckpointStates.SingleOrDefaultAsync(one => one.OrganisationId == organisation, cancellationToken);
    }

    private async Task<(long Sequence, byte[] Hash)> EndAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var chain = await db.AuditChains.SingleAsync(one => one.OrganisationId == organisation, cancellationToken);
        return (chain.LastSequence, chain.LastHash);
    }

    private async Task<CheckpointOutcome> WriteAsync(Actor.Portal actor, InstallationKey key, CancellationToken cancellationToken)
    {
        var (sequence, hash) = await EndAsync(actor.Organisation, cancellationToken);
        var now = _clock.GetUtcNow();
        var checkpoint = AuditCheckpoint.Unsigned(actor.Organisation, sequence, hash, now);
        InstallationSignature signature;
        try
        {
            signature = await _signing.SignAsync(key, checkpoint.Content(), cancellationToken);
        }
        catch (KeyStoreException exception)
        {
            return await FailAsync(actor, exception.Message, [InstallationSigning.Event(actor, AuditAction.KeyUseFailed, key)], cancellationToken);
        }

        var used = InstallationSigning.Event(actor, AuditAction.KeyUsed, key);
        if (await _target.AppendAsync(checkpoint.SignedBy(signature).ToLine(), cancellationToken) is { } problem)
        {
            return await FailAsync(actor, problem, [used], cancellationToken);
        }

        await SaveAsync(actor.Organisation, state => state.Written(sequence, now), [used], cancellationToken);
        return new CheckpointOutcome.Written(sequence, now, signature.KeyFingerprint);
    }

    private async Task<CheckpointOutcome> FailAsync(Actor.Portal actor, string problem, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await SaveAsync(actor.Organisation, state => state.Fail(problem, _clock.GetUtcNow()), events, cancellationToken);
        return new CheckpointOutcome.Failed(problem);
    }

    private async Task SaveAsync(OrganisationId organisation, Action<CheckpointState> change, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var db = await _database.WriteAsync(organisation, cancellationToken);
        var state = await db.CheckpointStates.SingleOrDefaultAsync(one => one.OrganisationId == organisation, cancellationToken);
        if (state is null)
        {
            state = new CheckpointState(organisation);
            db.CheckpointStates.Add(state);
        }

        change(state);
        foreach (var one in events)
        {
            db.Record(one);
        }

        await db.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit checkpoint of {Organisation} could not be written: {Problem}")]
    private partial void LogFailed(OrganisationId organisation, string problem);
}
