using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Application;
using Portal.Application.Notifications;
using Portal.Application.Work;

namespace Portal.Database.Postgres;

/// <summary>One connection per node that hears what any node has committed.</summary>
internal sealed partial class PostgresNewsListener(
    DatabaseOptions options, MailboxNews news, WorkBell bell, TimeProvider clock, ILogger<PostgresNewsListener> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _interrupted;

    /// <summary>Done when the first LISTEN has been answered.</summary>
    public Task Listening => _listening.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = FirstPause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or InvalidOperationException)
            {
                LogInterrupted(exception, pause);
            }

            _interrupted = true;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(Action connected, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ToString());
        var heard = new List<MailboxId>();
        connection.Notification += (_, notice) =>
        {
            if (notice.Channel == PostgresDbContext.WorkChannel)
            {
                bell.Ring();
            }
            else if (Guid.TryParse(notice.Payload, out var mailbox))
            {
                heard.Add(new MailboxId(mailbox));
            }
        };
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"listen {PostgresDbContext.NewsChannel}; listen {PostgresDbContext.WorkChannel}", cancellationToken);
        connected();
        _listening.TrySetResult();
        if (_interrupted)
        {
            // Something may have been said while nobody listened.
            bell.Ring();
            await news.TellAllAsync();
        }

        while (true)
        {
            if (!await connection.WaitAsync(Silence, cancellationToken))
            {
                // A connection that was cut off on its way is silent too.
                await ExecuteAsync(connection, "select 1", cancellationToken);
            }

            var told = heard.Distinct().ToList();
            heard.Clear();
            foreach (var mailbox in told)
            {
                await news.TellAsync(mailbox);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's notices are not heard; trying again in {Pause}.")]
    private partial void LogInterrupted(Exception exception, TimeSpan pause);
}
