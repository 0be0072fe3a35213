using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Application.Telemetry;

namespace Portal.Application.Work;

/// <summary>Looks at the list of work every now and then, if somebody wants to know: a reader of figures must not wait for the database.</summary>
internal sealed partial class BacklogReading(IWorkBacklogs backlogs, Figures figures, TimeProvider clock, ILogger<BacklogReading> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (figures.WantBacklog)
            {
                await TryReadAsync(stoppingToken);
            }

            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Every kind has its figures, also when nothing of it is on the list: an alert on nothing never fires.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = (await backlogs.ReadAsync(cancellationToken)).ToDictionary(one => one.Kind, StringComparer.Ordinal);
        figures.Waits(Enum.GetNames<WorkKind>().Select(kind => found.GetValueOrDefault(kind) ?? new WorkBacklog(kind, 0, 0, 0, TimeSpan.Zero)).ToList());
    }

    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            // No figures rather than old ones.
            figures.Waits([]);
            LogNotRead(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of work could not be counted.")]
    private partial void LogNotRead(Exception exception);
}
