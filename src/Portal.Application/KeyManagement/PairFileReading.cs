using System.Threading.RateLimiting;
using Portal.Smime.Keys;

namespace Portal.Application.KeyManagement;

/// <summary>Opens files with keys; whoever guesses passwords waits.</summary>
internal sealed class PairFileReading : IDisposable
{
    private const int AttemptsAMinute = 10;

    private readonly PartitionedRateLimiter<AccountId> _attempts = PartitionedRateLimiter.Create<AccountId, AccountId>(account => RateLimitPartition.GetSlidingWindowLimiter(
        account, _ => new SlidingWindowRateLimiterOptions { PermitLimit = AttemptsAMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    /// <summary>Trying a password costs up to a second of a processor.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public void Dispose()
    {
        _attempts.Dispose();
        _oneAtATime.Dispose();
    }

    /// <param name="asking">Who has the files.</param>
    /// <param name="files">Together.</param>
    /// <param name="password">Of all that are encrypted; empty for none.</param>
    /// <param name="import">What becomes of the pairs, which end with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<PairImport> ReadAsync(
        AccountId asking, IReadOnlyList<byte[]> files, string password, Func<IReadOnlyList<FilePair>, Task<PairImport>> import, CancellationToken cancellationToken)
    {
        using (var attempt = _attempts.AttemptAcquire(asking))
        {
            if (!attempt.IsAcquired)
            {
                return new PairImport.TooOften();
            }
        }

        switch (await ReadAsync(files, password, cancellationToken))
        {
            case PairReading.Read { Pairs: var pairs }:
                try
                {
                    return await import(pairs);
                }
                finally
                {
                    pairs.ToList().ForEach(pair => pair.Dispose());
                }

            case PairReading.NoKey:
                return new PairImport.NoKey();
            case PairReading.NoCertificate:
                return new PairImport.NoCertificate();
            default:
                return new PairImport.Refused();
        }
    }

    private async Task<PairReading> ReadAsync(IReadOnlyList<byte[]> files, string password, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => PairFiles.ReadAsync(files, password, cancellationToken), cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
