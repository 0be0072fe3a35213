using System.Threading.Channels;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Application.Transport;
using Portal.Application.Work;

namespace Portal.Application.Inbox;

/// <summary>Why nobody watches an account any more.</summary>
internal abstract record WatchEnd
{
    public sealed record Stopped : WatchEnd;

    /// <summary>It does not know IDLE.</summary>
    public sealed record ServerCannot : WatchEnd;

    /// <param name="LastedWell">It had worked for a while.</param>
    public sealed record ServerAway(bool LastedWell) : WatchEnd;
}

/// <summary>Listens to one account's inbox (IMAP IDLE, RFC 2177), and makes its fetch due when something is new.</summary>
internal sealed partial class MailWatch(
    PortalDatabase database,
    AccountConnections connections,
    IOptions<TransportOptions> options,
    IOptions<WorkOptions> work,
    TimeProvider clock,
    ILogger<MailWatch> logger)
{
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WhileFetching = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    /// <exception cref="LeaseLostException">Another node has the watch now.</exception>
    public async Task<WatchEnd> RunAsync(ClaimedWork claimed, MailAccount account, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        try
        {
            using var client = await ConnectAsync(account, stop);
            if (!client.Capabilities.HasFlag(ImapCapabilities.Idle))
            {
                return new WatchEnd.ServerCannot();
            }

            await ListenAsync(client, claimed, account, stop);
            return new WatchEnd.Stopped();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new WatchEnd.Stopped();
        }
        catch (Exception exception) when (exception is MailServerException or OperationCanceledException || MailServerException.IsExpected(exception))
        {
            LogAway(account.Id);
            return new WatchEnd.ServerAway(clock.GetElapsedTime(began) > LongEnough);
        }
    }

    private async Task<ImapClient> ConnectAsync(MailAccount account, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Value.Timeout);
        return await connections.ImapAsync(account, limit.Token);
    }

    private async Task ListenAsync(ImapClient client, ClaimedWork claimed, MailAccount account, CancellationToken stop)
    {
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var inbox = await OpenAsync(client, news.Writer, stop);
        if (inbox.UidValidity != account.UidValidity || inbox.UidNext is not { } next || next.Id > account.LastUid + 1)
        {
            // It came while nobody listened.
            news.Writer.TryWrite(true);
        }

        var renewed = clock.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
            done.CancelAfter(options.Value.WatchRenewal);

            // A connection that was cut off on its way says nothing: its end is that the last word is not answered.
            using var limit = new CancellationTokenSource(options.Value.WatchRenewal + options.Value.Timeout);
            await using var stopping = stop.Register(() => limit.CancelAfter(Parting));
            var idle = client.IdleAsync(done.Token, limit.Token);
            try
            {
                renewed = await HearAsync(idle, news.Reader, claimed, renewed);
            }
            catch
            {
                await limit.CancelAsync();
                await idle.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            await idle;
        }

        using var parting = new CancellationTokenSource(Parting);
        await client.DisconnectAsync(true, parting.Token);
    }

    private async Task<IMailFolder> OpenAsync(ImapClient client, ChannelWriter<bool> news, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Value.Timeout);
        var inbox = client.Inbox ?? throw new MailServerException(ServerWords.Kept(nameof(ServerTexts.NoInbox)));
        await inbox.OpenAsync(FolderAccess.ReadOnly, limit.Token);
        inbox.CountChanged += (_, _) => news.TryWrite(true);
        return inbox;
    }

    /// <summary>Until this round of listening ends.</summary>
    /// <returns>When the lease was last renewed.</returns>
    private async Task<long> HearAsync(Task idle, ChannelReader<bool> news, ClaimedWork claimed, long renewed)
    {
        var period = work.Value.Lease / 3;
        while (!idle.IsCompleted)
        {
            if (clock.GetElapsedTime(renewed) >= period)
            {
                await RenewAsync(claimed);
                renewed = clock.GetTimestamp();
            }

            if (news.TryRead(out _))
            {
                await FetchAsync(idle, claimed);
            }

            var pause = period - clock.GetElapsedTime(renewed);
            using var waiting = new CancellationTokenSource();
            var heard = news.WaitToReadAsync(waiting.Token).AsTask();
            var due = Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, clock, waiting.Token);
            await Task.WhenAny(idle, heard, due);
            await waiting.CancelAsync();
        }

        return renewed;
    }

    private async Task RenewAsync(ClaimedWork claimed)
    {
        await using var db = await database.WriteAsync(claimed.Organisation, CancellationToken.None);
        await WorkQueue.RenewAsync(db, claimed, work.Value.Lease, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    /// <summary>A fetch that runs already may have looked too early, so it is let end first.</summary>
    private async Task FetchAsync(Task idle, ClaimedWork claimed)
    {
        while (!idle.IsCompleted)
        {
            await using (var db = await database.WriteAsync(claimed.Organisation, CancellationToken.None))
            {
                await WorkQueue.ConfirmAsync(db, claimed, CancellationToken.None);
                var isDue = await WorkQueue.HastenAsync(db, claimed.Organisation, WorkKind.FetchMail, claimed.Subject, CancellationToken.None);
                await db.CommitAsync(CancellationToken.None);
                if (isDue)
                {
                    return;
                }
            }

            await Task.WhenAny(idle, Task.Delay(WhileFetching, clock));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} is not watched for now: its server is away. What fetching meets is shown to its owner.")]
    private partial void LogAway(MailAccountId account);
}
