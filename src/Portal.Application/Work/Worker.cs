using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application.Telemetry;

namespace Portal.Application.Work;

/// <summary>The clock that starts the work: claims what is due and hands it to whoever does that kind.</summary>
internal sealed partial class Worker(
    IWorkClaims claims,
    IEnumerable<IWorkHandler> handlers,
    IOptions<WorkOptions> options,
    WorkBell bell,
    Figures figures,
    TimeProvider clock,
    ILogger<Worker> logger) : BackgroundService
{
    /// <summary>What work that has begun gets to end in, when the node stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private readonly Dictionary<WorkKind, IWorkHandler> _handlers = handlers.ToDictionary(handler => handler.Kind);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var grace = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => grace.CancelAfter(Grace));
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(task => task.IsCompleted);
            var ring = bell.NextRing;
            var claimed = await ClaimAsync(options.Value.AtOnce - running.Count, stoppingToken);
            running.AddRange(claimed.Select(work => HandleAsync(work, grace.Token)));
            if (claimed.Count == 0)
            {
                var pause = Task.Delay(options.Value.Pause, clock, stoppingToken);
                await Task.WhenAny(running.Count == options.Value.AtOnce ? running : [.. running, ring, pause]);
            }
        }

        await Task.WhenAll(running);
    }

    /// <returns>How many items were claimed.</returns>
    public async Task<int> WorkOnceAsync(CancellationToken cancellationToken)
    {
        var claimed = await claims.ClaimAsync(options.Value.AtOnce, options.Value.Lease, cancellationToken);
        await Task.WhenAll(claimed.Select(work => HandleAsync(work, cancellationToken)));
        return claimed.Count;
    }

    private async Task<IReadOnlyList<ClaimedWork>> ClaimAsync(int most, CancellationToken cancellationToken)
    {
        if (most == 0)
        {
            return [];
        }

        try
        {
            return await claims.ClaimAsync(most, options.Value.Lease, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
#pragma warning disable CA1031 // A worker outlives whatever happens to the database.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogClaimFailed(exception);
            await Task.Delay(TimeSpan.FromSeconds(5), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return [];
        }
    }

    private async Task HandleAsync(ClaimedWork work, CancellationToken cancellationToken)
    {
        // Ends before the lease does, so that no two nodes do the same work.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Lease * 0.9);
        using var span = Spans.Continue("portal.work", work.Organisation, work.TraceParent)
            ?.SetTag("portal.work", work.Id.ToString())
            .SetTag("portal.work.kind", work.Kind.ToString())
            .SetTag("portal.work.subject", work.Subject.ToString("N"))
            .SetTag("portal.work.attempt", work.Attempts);
        var began = figures.WantWork ? clock.GetTimestamp() : 0;
        var outcome = "Failed";
        try
        {
            await _handlers[work.Kind].HandleAsync(work, limit.Token);
            outcome = "Done";
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping: the lease runs out, and another node goes on.
            outcome = "Stopped";
        }
        catch (LeaseLostException)
        {
            outcome = "LeaseLost";
            span.Fail(outcome);
            LogLeaseLost(work.Kind, work.Id);
        }
#pragma warning disable CA1031 // One item's failure never stops the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            span.Fail(exception);
            LogWorkFailed(exception, work.Kind, work.Id, work.Attempts);
        }
        finally
        {
            if (began != 0)
            {
                figures.Worked(work.Kind.ToString(), outcome, clock.GetElapsedTime(began));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work could not be claimed.")]
    private partial void LogClaimFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another node has taken over {Kind} {Work}.")]
    private partial void LogLeaseLost(WorkKind kind, WorkItemId work);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} {Work} failed at attempt {Attempt}; it comes again when its lease has run out.")]
    private partial void LogWorkFailed(Exception exception, WorkKind kind, WorkItemId work, int attempt);
}
