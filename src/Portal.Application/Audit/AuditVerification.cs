using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Portal.Application.Audit;

public abstract record AuditChainState
{
    public sealed record Intact(long Entries) : AuditChainState;

    /// <param name="Sequence">The first entry that is missing, out of order or not what was written.</param>
    public sealed record Broken(long Sequence) : AuditChainState;
}

/// <summary>Walks an organisation's chain from its first entry.</summary>
public sealed class AuditVerification
{
    private readonly PortalDatabase _database;

    internal AuditVerification(PortalDatabase database) => _database = database;

    public async Task<AuditChainState> VerifyAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        await using var db = await _database.ReadAsync(organisation, cancellationToken);
        var chain = await db.AuditChains.SingleAsync(one => one.OrganisationId == organisation, cancellationToken);
        var expected = 1L;
        var previous = new byte[32];
        var entries = db.AuditEntries.Where(one => one.OrganisationId == organisation).OrderBy(one => one.Sequence).AsAsyncEnumerable();
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            var genuine = entry.Sequence == expected
                && CryptographicOperations.FixedTimeEquals(entry.PreviousHash, previous)
                && CryptographicOperations.FixedTimeEquals(entry.Hash, entry.ComputeHash());
            if (!genuine)
            {
                return new AuditChainState.Broken(expected);
            }

            previous = entry.Hash;
            expected++;
        }

        var complete = chain.LastSequence == expected - 1 && CryptographicOperations.FixedTimeEquals(chain.LastHash, previous);
        return complete ? new AuditChainState.Intact(expected - 1) : new AuditChainState.Broken(expected);
    }
}
