using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Audit;

public abstract record AuditChainState
{
    public sealed record Intact(long Entries) : AuditChainState;

    /// <param name="Sequence">The first entry that is missing, out of order or not what was written.</param>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record Broken(long Sequence, AuditFault Fault) : AuditChainState;
}

public enum AuditFault
{
    /// <summary>There is none of this number.</summary>
    Missing,

    /// <summary>It is not what was written: its hash does not fit.</summary>
    Altered,

    /// <summary>It is whole, but does not follow from the one before it.</summary>
    Unlinked,

    /// <summary>The chain's end does not know it.</summary>
    Inserted,

    /// <summary>The entry is whole; the chain's recorded end is not this.</summary>
    EndAltered,

    /// <summary>A checkpoint knew this number; the chain ends before it.</summary>
    Truncated,

    /// <summary>The chain is consistent, but a checkpoint knew another one: something at or before this entry was rewritten.</summary>
    Rewritten,
}

/// <summary>What the chain is known to have been, from a source outside the database.</summary>
/// <param name="Sequence">Of the entry that was the last one then; 0 for none.</param>
/// <param name="Hash">Of that entry.</param>
public sealed record ChainMark(long Sequence, ReadOnlyMemory<byte> Hash);

/// <summary>Walks an organisation's chain from its first entry.</summary>
public sealed class AuditVerification
{
    private readonly PortalDatabase _database;

    internal AuditVerification(PortalDatabase database) => _database = database;

    /// <param name="organisation">Whose chain.</param>
    /// <param name="marks">What it has to agree with besides itself; taken before this is asked.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async Task<AuditChainState> VerifyAsync(
        OrganisationId organisation, IReadOnlyList<ChainMark> marks, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var end = await EndAsync(db, organisation, cancellationToken);

        // The end is a mark too, but one that an attacker may have moved together with the entries.
        var walk = new ChainWalk(organisation, marks.Where(mark => mark.Sequence > 0).ToLookup(mark => mark.Sequence), end);
        await foreach (var row in AuditRow.Stream(db, organisation).WithCancellation(cancellationToken))
        {
            if (walk.Step(row) is { } broken)
            {
                return broken;
            }
        }

        // Entries that came while this was walking: the end that was read at first did not know them, the present one does.
        var present = await EndAsync(db, organisation, cancellationToken);
        return walk.Finish(present?.LastSequence ?? 0, marks.Select(mark => mark.Sequence).DefaultIfEmpty(0).Max());
    }

    private static Task<AuditChain?> EndAsync(PortalDbContext db, OrganisationId organisation, CancellationToken cancellationToken) =>
        db.AuditChains.SingleOrDefaultAsync(one => one.OrganisationId == organisation, cancellationToken);

    private sealed class ChainWalk(OrganisationId organisation, ILookup<long, ChainMark> marks, AuditChain? end)
    {
        private byte[] _previous = new byte[AuditHash.Length];
        private long _seen;
        private bool _endMet = end is { LastSequence: 0 } && end.LastHash.AsSpan().IndexOfAnyExcept((byte)0) < 0;

        public AuditChainState.Broken? Step(AuditRow row)
        {
            var expected = _seen + 1;
            if (row.Sequence != expected)
            {
                return row.Sequence < expected
                    ? new AuditChainState.Broken(row.Sequence, AuditFault.Inserted)
                    : new AuditChainState.Broken(expected, AuditFault.Missing);
            }

            if (!Same(row.Hash, row.ComputeHash(organisation)))
            {
                return new AuditChainState.Broken(expected, AuditFault.Altered);
            }

            if (!Same(row.PreviousHash, _previous))
            {
                return new AuditChainState.Broken(expected, AuditFault.Unlinked);
            }

            if (marks[expected].Any(mark => !Same(mark.Hash.Span, row.Hash)))
            {
                return new AuditChainState.Broken(expected, AuditFault.Rewritten);
            }

            _endMet |= end?.LastSequence == expected && Same(end.LastHash, row.Hash);
            (_previous, _seen) = (row.Hash, expected);
            return null;
        }

        public AuditChainState Finish(long presentEnd, long lastMark)
        {
            if (_seen > presentEnd)
            {
                return new AuditChainState.Broken(presentEnd + 1, AuditFault.Inserted);
            }

            if (lastMark > _seen)
            {
                return new AuditChainState.Broken(_seen + 1, AuditFault.Truncated);
            }

            if (end?.LastSequence > _seen)
            {
                return new AuditChainState.Broken(_seen + 1, AuditFault.Missing);
            }

            return _endMet ? new AuditChainState.Intact(_seen) : new AuditChainState.Broken(end?.LastSequence ?? _seen, AuditFault.EndAltered);
        }

        private static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(one, other);
    }
}
