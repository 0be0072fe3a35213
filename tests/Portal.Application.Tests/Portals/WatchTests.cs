using Microsoft.EntityFrameworkCore;
using Portal.Application.Inbox;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Application.Work;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>New mail elsewhere is heard of at once (IMAP IDLE), on the real Dovecot, through a network that goes wrong.</summary>
[Collection(nameof(ManyAccounts))]
public sealed class WatchTests(ManyAccounts accounts, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);
    private readonly TcpRelay _relay = new(TestServers.ImapsPort);
    private readonly List<TestPortal> _nodes = [];
    private readonly List<Elsewhere> _connected = [];

    public ValueTask InitializeAsync()
    {
        _relay.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await accounts.RemoveAsync([.. _connected]);
        foreach (var node in _nodes)
        {
            await node.StopWorkingAsync();
            await node.DisposeAsync();
        }

        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task What_arrives_elsewhere_can_be_read_within_two_seconds()
    {
        var account = await ConnectAsync(_relay.Port);
        await WatchedAsync(await NodeAsync());
        var took = new List<TimeSpan>();
        for (var i = 1; i <= 20; i++)
        {
            await ManyAccounts.DeliverAsync(account, $"message {i}");
            var count = i;
            took.Add(await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account, opened: true) == count, $"message {count} can be read"));
        }

        took.Sort();
        output.WriteLine($"Delivered elsewhere until it can be read here: median {took[10].TotalMilliseconds:0} ms, p95 {took[18].TotalMilliseconds:0} ms, longest {took[19].TotalMilliseconds:0} ms");
        Assert.True(took[18] < AtOnce, $"p95 is {took[18]}");
        Assert.True((await accounts.WorkAsync(account, WorkKind.FetchMail)).DueAt > TimeProvider.System.GetUtcNow().AddMinutes(40), "It is asked a tenth as often.");
    }

    [Fact]
    public async Task What_came_while_nobody_listened_is_fetched_and_nothing_else_is_asked_for_at_the_start()
    {
        var account = await ConnectAsync(_relay.Port);
        var first = await NodeAsync();
        await WatchedAsync(first);
        await ManyAccounts.DeliverAsync(account, "one");
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account, opened: true) == 1, "it is fetched");
        await first.StopWorkingAsync();
        await ManyAccounts.UntilAsync(() => Task.FromResult(_relay.Count == 0), "the connection is closed");
        Assert.Null((await accounts.WorkAsync(account, WorkKind.WatchMail)).LeasedUntil);
        await ManyAccounts.DeliverAsync(account, "two");

        var second = await NodeAsync();

        await WatchedAsync(second);
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account, opened: true) == 2, "what came meanwhile is fetched");
        await ManyAccounts.UntilAsync(() => Task.FromResult(_relay.Count == 1), "one connection is kept");
    }

    [Fact]
    public async Task A_cut_connection_and_a_restarted_server_are_watched_again()
    {
        var account = await ConnectAsync(_relay.Port);
        var node = await NodeAsync(("Portal:Transport:FetchInterval", "00:00:01"));
        await WatchedAsync(node);
        await ManyAccounts.DeliverAsync(account, "one");
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 1, "it is fetched");

        _relay.Cut();
        await ManyAccounts.UntilAsync(() => Task.FromResult(node.Get<MailWatching>().Count == 0), "the cut is noticed");
        await WatchedAsync(node);
        await ManyAccounts.DeliverAsync(account, "two");
        Assert.True(await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 2, "the second is fetched") < AtOnce);

        await _relay.CloseAsync();
        await ManyAccounts.DeliverAsync(account, "three");
        await ManyAccounts.UntilAsync(() => Task.FromResult(node.Get<MailWatching>().Count == 0), "the server is away");
        _relay.Open();
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 3, "what came meanwhile is fetched");
        await WatchedAsync(node);
    }

    [Fact]
    public async Task A_connection_that_has_gone_silent_is_noticed_when_it_should_answer()
    {
        var account = await ConnectAsync(_relay.Port);
        var node = await NodeAsync(("Portal:Transport:WatchRenewal", "00:00:01"), ("Portal:Transport:Timeout", "00:00:02"));
        await WatchedAsync(node);
        await Task.Delay(200);

        _relay.Silence();
        await ManyAccounts.DeliverAsync(account, "one");

        var took = await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 1, "it is fetched");
        output.WriteLine($"Noticed and fetched after {took.TotalSeconds:0.0} s");
        Assert.True(took < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Where_a_node_has_no_room_the_account_is_asked_as_before()
    {
        var account = await ConnectAsync(_relay.Port);
        var node = await NodeAsync(("Portal:Transport:WatchedAccounts", "0"), ("Portal:Transport:FetchInterval", "00:00:00.5"));
        await ManyAccounts.DeliverAsync(account, "one");
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 1, "it is fetched");
        await ManyAccounts.DeliverAsync(account, "two");
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 2, "it is fetched again");
        Assert.Equal(0, node.Get<MailWatching>().Count);
    }

    [Fact]
    public async Task A_server_without_idle_is_asked_as_before()
    {
        await using var plain = new TcpRelay(TestServers.ImapPort) { Alter = WithoutIdle };
        plain.Open();
        var account = await ConnectAsync(plain.Port, TlsMode.None);
        var node = await NodeAsync(("Portal:Transport:FetchInterval", "00:00:00.5"));
        await ManyAccounts.DeliverAsync(account, "one");
        await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 1, "it is fetched");
        await ManyAccounts.UntilAsync(async () => (await accounts.WorkAsync(account, WorkKind.WatchMail)).DueAt > TimeProvider.System.GetUtcNow().AddMinutes(30), "the watch is put off");
        Assert.Equal(0, node.Get<MailWatching>().Count);
    }

    [Fact]
    public async Task New_settings_end_the_old_connection_and_a_removed_account_ends_its_own()
    {
        var account = await ConnectAsync(_relay.Port);
        var node = await NodeAsync(("Portal:Work:Lease", "00:00:03"));
        await WatchedAsync(node);
        await ManyAccounts.UntilAsync(() => Task.FromResult(_relay.Count == 1), "one connection is kept");

        await accounts.ConfigureAsync(account.Mailbox, account.Address, TestServers.ImapsPort);
        await ManyAccounts.UntilAsync(() => Task.FromResult(_relay.Count == 0), "the old one is closed");
        await WatchedAsync(node);

        await accounts.RemoveAsync(account);
        await ManyAccounts.UntilAsync(() => Task.FromResult(node.Get<MailWatching>().Count == 0), "the new one is closed");
    }

    [Fact]
    public async Task New_settings_and_news_of_mail_do_not_wait_for_each_other()
    {
        var account = await ConnectAsync(_relay.Port);
        var watch = await accounts.WorkAsync(account, WorkKind.WatchMail);
        var claimed = new ClaimedWork(accounts.Organisation, watch.Id, watch.Kind, watch.Subject, watch.Token, watch.Attempts, null);
        await using var news = await accounts.Portal.Database.WriteAsync(accounts.Organisation, CancellationToken.None);
        await WorkQueue.ConfirmAsync(news, claimed, CancellationToken.None);

        var configured = accounts.ConfigureAsync(account.Mailbox, account.Address, TestServers.ImapsPort);
        await LockWaits.UntilOneWaitsAsync(accounts.Portal.Database, accounts.Organisation);
        Assert.True(await WorkQueue.HastenAsync(news, accounts.Organisation, WorkKind.FetchMail, account.Account.Value, CancellationToken.None));
        await news.CommitAsync(CancellationToken.None);

        await configured;
    }

    private static void WithoutIdle(Memory<byte> said)
    {
        for (int at; (at = said.Span.IndexOf(" IDLE"u8)) >= 0;)
        {
            said.Span[at + 1] = (byte)'X';
        }
    }

    private async Task<Elsewhere> ConnectAsync(int port, TlsMode tls = TlsMode.Implicit)
    {
        var account = await accounts.ConnectAsync(port, tls);
        _connected.Add(account);
        return account;
    }

    private async Task<TestPortal> NodeAsync(params (string Name, string Value)[] settings)
    {
        var node = await accounts.NodeAsync(settings);
        _nodes.Add(node);
        await node.StartWorkingAsync();
        return node;
    }

    private async Task WatchedAsync(TestPortal node)
    {
        await ManyAccounts.UntilAsync(() => Task.FromResult(node.Get<MailWatching>().Count == 1), "it is watched");
        await ManyAccounts.UntilAsync(async () => await accounts.ReadAsync(db => db.MailAccounts.AnyAsync(one => one.LastFetchAt != null)), "it was asked once");
    }
}
