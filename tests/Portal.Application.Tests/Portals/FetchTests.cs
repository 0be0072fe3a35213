using MailKit;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;
using Portal.Application.Transport;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Mail of an account elsewhere, from the real Dovecot.</summary>
public sealed class FetchTests(PostgresFixture server) : IAsyncLifetime
{
    private const int LargestMessage = 1 << 20;
    private readonly string _address = $"fetch.{Guid.NewGuid():N}@example.test";
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;

    public async ValueTask InitializeAsync()
    {
        await MailServers.AddUsersAsync(_address);
        _database = await server.NewAsync();
        _portal = await TestPortal.StartAsync(_database, ("Portal:Transport:ServerAuthorities", TestServers.Authority), ("Portal:Transport:LargestMessage", $"{LargestMessage}"));
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), _address);
        Assert.IsType<MailAccountOutcome.Saved>(await ConnectAsync(TestServers.MailPassword));
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Mail_is_fetched_once_as_it_came_and_left_there_unseen()
    {
        await DeliverAsync("one");
        await _portal.ReceiveAsync(_alice, "one");
        await DeliverAsync("two");
        await _portal.ReceiveAsync(_alice, "two");

        Assert.Equal(["two", "one"], (await _portal.ListAsync(_alice)).Select(row => row.Subject));
        using var client = await MailServers.ConnectAsync(_address);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly);
        var there = await client.Inbox.FetchAsync(0, -1, MessageSummaryItems.Flags | MessageSummaryItems.UniqueId);
        Assert.All(there, message => Assert.False(message.Flags!.Value.HasFlag(MessageFlags.Seen)));
        Assert.Equal(2, there.Count);
        var raw = await client.Inbox.GetStreamAsync(there[0].UniqueId, string.Empty);
        var first = (await _portal.ListAsync(_alice)).Single(row => row.Subject == "one");
        Assert.Equal(await raw.ReadAllAsync(), await _portal.SourceAsync(_alice, first.Id));
    }

    [Fact]
    public async Task After_the_server_numbered_its_mail_anew_nothing_comes_twice()
    {
        await DeliverAsync("one");
        await _portal.ReceiveAsync(_alice, "one");
        await using (var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None))
        {
            // As if the numbers that we know were from before.
            var account = await db.MailAccounts.SingleAsync();
            account.Enter(4711);
            await db.CommitAsync(CancellationToken.None);
        }

        await DeliverAsync("two");
        await _portal.ReceiveAsync(_alice, "two");
        Assert.Equal(2, (await _portal.ListAsync(_alice)).Count);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_said_and_fetching_goes_on_when_it_is_back()
    {
        await DeliverAsync("one");
        await _portal.ReceiveAsync(_alice, "one");
        using (var key = await _portal.Get<AtRest.DataKeys>().OfMailboxAsync(_alice.Account.Organisation, _alice.Mailbox, CancellationToken.None))
        {
            await ConfigureAsync(MailAccountStore.Seal(key, _alice.Mailbox, Settings("wrong password")));
        }

        await _portal.WorkUntilAsync(async () =>
            (await _portal.Get<MailAccounts>().ViewAsync(_alice.Account, _alice.Mailbox, CancellationToken.None)).LastProblem is not null);
        var view = await _portal.Get<MailAccounts>().ViewAsync(_alice.Account, _alice.Mailbox, CancellationToken.None);
        Assert.Equal("The server does not accept this user name and password.", view.LastProblem);
        Assert.Null(view.Settings!.Password);

        await ConnectAsync(TestServers.MailPassword);
        await DeliverAsync("two");
        await _portal.ReceiveAsync(_alice, "two");
        Assert.Equal(2, (await _portal.ListAsync(_alice)).Count);
    }

    [Fact]
    public async Task A_wrong_password_changes_nothing()
    {
        var refused = Assert.IsType<MailAccountOutcome.CannotConnect>(await ConnectAsync("wrong"));
        Assert.All(refused.Steps.Where(step => !step.IsOk), step => Assert.IsType<StepOutcome.SignInRefused>(step.Outcome));
        await DeliverAsync("still");
        await _portal.ReceiveAsync(_alice, "still");
    }

    [Fact]
    public async Task What_is_too_large_stays_there_with_a_notice_here_and_holds_nothing_up()
    {
        await DeliverAsync("large", string.Join("\r\n", Enumerable.Repeat(new string('x', 70), LargestMessage / 70)));
        await DeliverAsync("after");
        await _portal.ReceiveAsync(_alice, "after");

        var notice = await _portal.ReceiveAsync(_alice, "A message is too large to be fetched");
        Assert.Contains("larger than 1 MB", await _portal.BodyAsync(_alice, notice.Id), StringComparison.Ordinal);
        await DeliverAsync("later");
        await _portal.ReceiveAsync(_alice, "later");
        Assert.Equal(3, (await _portal.ListAsync(_alice)).Count);
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        Assert.Equal(3, await db.Blobs.CountAsync());
    }

    [Fact]
    public async Task Whoever_lost_the_lease_stores_nothing_any_more()
    {
        await DeliverAsync("one");
        await _portal.ReceiveAsync(_alice, "one");
        await DeliverAsync("two");
        var claims = _portal.Get<Work.IWorkClaims>();
        Work.ClaimedWork? lost = null;
        while (lost is null)
        {
            lost = (await claims.ClaimAsync(10, TimeSpan.FromSeconds(0.1), CancellationToken.None)).SingleOrDefault(one => one.Kind == Work.WorkKind.FetchMail);
            await Task.Delay(50);
        }

        await _portal.ReceiveAsync(_alice, "two");
        await DeliverAsync("three");
        var fetch = _portal.Get<IEnumerable<Work.IWorkHandler>>().OfType<Inbox.FetchWork>().Single();
        await Assert.ThrowsAsync<Work.LeaseLostException>(() => fetch.HandleAsync(lost, CancellationToken.None));

        Assert.Equal(2, (await _portal.ListAsync(_alice)).Count);
        await _portal.ReceiveAsync(_alice, "three");
        Assert.Equal(3, (await _portal.ListAsync(_alice)).Count);
    }

    [Fact]
    public async Task A_stored_password_is_not_given_to_another_server()
    {
        var elsewhere = Settings(null) with { ImapHost = "127.0.0.1" };
        Assert.IsType<MailAccountOutcome.SecretNeeded>(await ConnectAsync(elsewhere));
        Assert.IsType<MailAccountOutcome.Incomplete>(await ConnectAsync(elsewhere with { SmtpHost = "" }));
        Assert.IsType<MailAccountOutcome.Incomplete>(await ConnectAsync(elsewhere with { ImapPort = 99_999 }));
        Assert.IsType<MailAccountOutcome.Saved>(await ConnectAsync(Settings(null)));
    }

    [Fact]
    public async Task Mail_is_fetched_and_handed_in_with_tokens_that_are_renewed_when_they_are_refused()
    {
        await using var endpoint = new TokenEndpoint { Email = _address };
        var oauth = new OAuthSettings(OAuthGrant.RefreshToken, endpoint.Address, "portal", null, endpoint.RefreshToken, null);
        Assert.IsType<MailAccountOutcome.EndpointNotAllowed>(await ConnectAsync(Settings(null) with { OAuth = oauth with { TokenEndpoint = "http://outside.test/" } }));
        Assert.IsType<MailAccountOutcome.Saved>(await ConnectAsync(Settings(null) with { OAuth = oauth }));
        Assert.Equal(1, endpoint.Asked);
        await DeliverAsync("by token");
        await _portal.ReceiveAsync(_alice, "by token");
        await _portal.AllowAsync(_alice.Account.Organisation, signedOnly: true, unprotected: false);
        await _portal.SendAsync(_alice, Mail.To("carol@outside.test", _address), Compose.UnencryptableChoice.SendSignedOnly);
        await _portal.WorkUntilAsync(async () => await IsSentAsync());
        Assert.Equal(1, endpoint.Asked);

        // Whoever restarts has no token any more; the one that comes first is worth nothing, and its successor is.
        await using var restarted = await _portal.AnotherNodeAsync(("Portal:Transport:ServerAuthorities", TestServers.Authority));
        endpoint.GivesForged = true;
        await DeliverAsync("by a second token");
        await restarted.ReceiveAsync(_alice, "by a second token");
        Assert.Equal(3, endpoint.Asked);

        // The stored refresh token is the one that came last.
        Assert.IsType<MailAccountOutcome.Saved>(await ConnectAsync(Settings(null) with { OAuth = oauth with { RefreshToken = null } }));
        endpoint.Withdraw();
        await using var later = await _portal.AnotherNodeAsync(("Portal:Transport:ServerAuthorities", TestServers.Authority));
        await later.WorkUntilAsync(async () =>
            (await later.Get<MailAccounts>().ViewAsync(_alice.Account, _alice.Mailbox, CancellationToken.None)).LastProblem?.Contains("refresh token", StringComparison.Ordinal) == true);
        var view = await later.Get<MailAccounts>().ViewAsync(_alice.Account, _alice.Mailbox, CancellationToken.None);
        Assert.Equal((null, null), (view.Settings!.OAuth!.ClientSecret, view.Settings.OAuth.RefreshToken));
    }

    private async Task<bool> IsSentAsync()
    {
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, CancellationToken.None);
        return await db.Deliveries.AllAsync(one => one.State == Outbox.DeliveryState.Sent);
    }

    private MailAccountSettings Settings(string? password) => new(
        "localhost", TestServers.ImapsPort, TlsMode.Implicit, "localhost", TestServers.SubmissionPort, TlsMode.StartTls, _address, password);

    private Task<MailAccountOutcome> ConnectAsync(string password) => ConnectAsync(Settings(password));

    private Task<MailAccountOutcome> ConnectAsync(MailAccountSettings settings) =>
        _portal.Get<MailAccounts>().ConnectAsync(_alice.Account, _alice.Mailbox, settings, _ => Task.CompletedTask, CancellationToken.None);

    private async Task ConfigureAsync(byte[] settings)
    {
        await using var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None);
        (await db.MailAccounts.SingleAsync()).Configure(settings);
        await db.CommitAsync(CancellationToken.None);
    }

    private Task DeliverAsync(string subject, string? text = null) => MailServers.DeliverAsync(
        "carol@outside.test", _address, ForeignMail.Message("carol@outside.test", _address, subject, ForeignMail.Text(text ?? $"Text of {subject}.")));
}
