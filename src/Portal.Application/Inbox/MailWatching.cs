using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Inbox;

/// <summary>The accounts elsewhere that this node watches: one connection each, up to a bound. All are given back when it stops.</summary>
internal sealed partial class MailWatching(
    PortalDatabase database, MailWatch watch, IOptions<TransportOptions> options, ILogger<MailWatching> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>A server that does not know IDLE may learn it.</summary>
    private static readonly TimeSpan UnableFor = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Watched> _watched = [];
    private bool _stopped;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _watched.Count;
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>False when there is no room: the work is still the caller's.</returns>
    public async Task<bool> TryBeginAsync(ClaimedWork work, MailAccount account)
    {
        // Claimed again: its lease was taken away, because its settings changed or this node was silent for too long.
        await EndAsync(work.Subject);
        lock (_gate)
        {
            if (_stopped || _watched.Count >= options.Value.WatchedAccounts)
            {
                return false;
            }

            var stop = new CancellationTokenSource();
            _watched[work.Subject] = new Watched(stop, Task.Run(() => RunAsync(work, account, stop.Token)));
            return true;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Guid> subjects;
        lock (_gate)
        {
            _stopped = true;
            subjects = [.. _watched.Keys];
        }

        await Task.WhenAll(subjects.Select(EndAsync));
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private sealed record Watched(CancellationTokenSource Stop, Task Task);

    private async Task EndAsync(Guid subject)
    {
        Watched? watched;
        lock (_gate)
        {
            watched = _watched.GetValueOrDefault(subject);
        }

        if (watched is not null)
        {
            await watched.Stop.CancelAsync();
            await watched.Task;
        }
    }

    private async Task RunAsync(ClaimedWork work, MailAccount account, CancellationToken stop)
    {
        // The watch outlives the work that began it, and its trace.
        Activity.Current = null;
        try
        {
            var end = await watch.RunAsync(work, account, stop);
            await GiveBackAsync(work, end);
        }
        catch (LeaseLostException)
        {
            LogLost(account.Id);
        }
#pragma warning disable CA1031 // The lease runs out, and the watch comes again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, account.Id);
        }
        finally
        {
            lock (_gate)
            {
                _watched.Remove(work.Subject);
            }
        }
    }

    private async Task GiveBackAsync(ClaimedWork work, WatchEnd end)
    {
        var attempts = end is WatchEnd.ServerAway { LastedWell: false } ? work.Attempts : 0;
        var pause = end switch
        {
            WatchEnd.Stopped => TimeSpan.Zero,
            WatchEnd.ServerCannot => UnableFor,
            _ => TimeSpan.FromTicks(Math.Min(options.Value.FetchInterval.Ticks << Math.Min(attempts, 10), LongestPause.Ticks)),
        };
        await using var db = await database.WriteAsync(work.Organisation, CancellationToken.None);
        await WorkQueue.RescheduleAsync(db, work, pause, endedWell: attempts == 0, CancellationToken.None);

        // From now on nobody listens: asking begins again at once.
        await WorkQueue.HastenAsync(db, work.Organisation, WorkKind.FetchMail, work.Subject, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} is watched by another node, or has new settings.")]
    private partial void LogLost(MailAccountId account);

    [LoggerMessage(Level = LogLevel.Error, Message = "Watching account {Account} failed; it comes again when its lease has run out.")]
    private partial void LogFailed(Exception exception, MailAccountId account);
}
