using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Compose;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Protection;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Whoever has no certificate reads here: by a link that they were mailed, and a code.</summary>
public abstract class SecureLinksContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private ReaderEntry Entry => _portal.Get<ReaderEntry>();

    private LinkReading Reading => _portal.Get<LinkReading>();

    private LinkContents Contents => _portal.Get<LinkContents>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_stranger_opens_what_was_sent_and_the_sender_sees_it()
    {
        var preview = await _portal.Get<Sending>().PreviewAsync(_alice.Account, _alice.Mailbox, Mail.To(Carol, "The findings"), Never);
        Assert.Equal(RecipientHandling.SecureLink, Assert.Single(preview!.Recipients).Handling);
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings", "All is well."));
        var token = await TokenAsync(sent);

        var look = Assert.IsType<LinkLook.Open>(await Entry.LookAsync(token, null, Never));
        Assert.Equal(("Person alice", "alice@example.test", "Organisation example.test", "c…l@outside.test"), (look.Sender, look.SenderAddress, look.Organisation, look.Masked));
        Assert.IsType<CodeSending.Sent>(await Entry.SendCodeAsync(token, Never));
        var code = await CodeAsync();
        Assert.Equal(4, Assert.IsType<CodeEntry.Wrong>(await EnterAsync(token, Other(code))).TriesLeft);
        var proved = Assert.IsType<CodeEntry.Proved>(await EnterAsync(token, $" {code[..3]} {code[3..]} "));
        Assert.IsType<CodeEntry.Dead>(await EnterAsync(token, code));

        Assert.Equal("Person alice", Assert.IsType<LinkAccess.NotOpened>(await Reading.ReadAsync(proved.Reader, proved.Link, Never)).Sender);
        Assert.Null(await Contents.BodyAsync(proved.Reader, proved.Link, Never));
        Assert.Null((await LinkAsync(sent)).FirstOpenedAt);
        var message = Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(proved.Reader, proved.Link, null, Never)).Message;
        Assert.Equal(("The findings", MessageVerdict.SignedValid, ReaderProof.Code), (message.Subject, message.Verdict.Verdict, message.Proof));
        Assert.Contains("All is well.", (await Contents.BodyAsync(proved.Reader, proved.Link, Never))!.Html, StringComparison.Ordinal);
        Assert.Equal(message.Subject, Assert.IsType<LinkAccess.Granted>(await Reading.ReadAsync(proved.Reader, proved.Link, Never)).Message.Subject);
        var link = await LinkAsync(sent);
        Assert.Equal((Carol, 1), (link.Address, link.Openings));
        Assert.NotNull(link.FirstOpenedAt);
    }

    [Fact]
    public async Task The_notice_holds_nothing_of_the_message_and_its_address_nothing_of_anybody()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings", "All is well."));
        var token = await TokenAsync(sent);
        var notice = Assert.Single(await _outside.MailAsync());
        Assert.Equal((Carol, "no-reply@example.test", "auto-generated"), (notice.To.Mailboxes.Single().Address, notice.From.Mailboxes.Single().Address, notice.Headers["Auto-Submitted"]));
        Assert.Contains("alice@example.test", notice.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("findings", notice.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("All is well", notice.ToString(), StringComparison.Ordinal);
        Assert.Equal(43, token.Length);
        Assert.Null(notice.HtmlBody);
    }

    [Fact]
    public async Task Looking_however_often_changes_nothing()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var token = await TokenAsync(sent);
        for (var looks = 0; looks < 50; looks++)
        {
            Assert.IsType<LinkLook.Open>(await Entry.LookAsync(token, null, Never));
        }

        Assert.Equal(0, (await LinkAsync(sent)).Openings);
        await _portal.WorkOffAsync();
        Assert.Single(await _outside.MailAsync());
        Assert.IsType<LinkLook.Unknown>(await Entry.LookAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), null, Never));
        Assert.IsType<LinkLook.Unknown>(await Entry.LookAsync(new string('x', 5000), null, Never));
    }

    [Fact]
    public async Task The_sixth_try_finds_a_dead_code_even_when_it_is_right()
    {
        var token = await TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")));
        Assert.IsType<CodeEntry.Dead>(await EnterAsync(token, "123456"));
        await Entry.SendCodeAsync(token, Never);
        var code = await CodeAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => EnterAsync(token, Other(code))));
        Assert.Equal(4, tries.Count(one => one is CodeEntry.Wrong));
        Assert.Equal(96, tries.Count(one => one is CodeEntry.Dead));
        Assert.IsType<CodeEntry.Dead>(await EnterAsync(token, code));
    }

    [Fact]
    public async Task Opened_several_times_at_once_it_is_open()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var proved = await EnterAsync(sent, Carol);

        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Reading.OpenAsync(proved.Reader, proved.Link, passPhrase: null, Never))));

        Assert.All(all, one => Assert.IsType<LinkAccess.Granted>(one));
        Assert.InRange((await LinkAsync(sent)).Openings, 1, 5);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal(1, await db.LinkOpenings.CountAsync());
    }

    [Fact]
    public async Task Of_many_who_come_with_one_code_one_enters()
    {
        var token = await TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")));
        await using var before = await _portal.AnotherNodeAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(-11)), OutsideReaders.PublicAddress);
        await before.Get<ReaderEntry>().SendCodeAsync(token, Never);
        var former = await CodeAsync();
        await Entry.SendCodeAsync(token, Never);
        var code = await CodeAsync();
        Assert.True(former == code || await EnterAsync(token, former) is CodeEntry.Wrong);
        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EnterAsync(token, code)));
        Assert.Single(tries, one => one is CodeEntry.Proved);
        Assert.Equal(3, tries.Count(one => one is CodeEntry.Dead));
    }

    [Fact]
    public async Task Codes_come_to_an_end_for_an_hour()
    {
        var token = await TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        for (var codes = 0; codes < 10; codes++)
        {
            Assert.IsType<CodeSending.Sent>(await node.Get<ReaderEntry>().SendCodeAsync(token, Never));
            clock.Advance(TimeSpan.FromSeconds(11));
        }

        var nextAt = Assert.IsType<CodeSending.TooMany>(await node.Get<ReaderEntry>().SendCodeAsync(token, Never)).NextAt;
        Assert.InRange(nextAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Who_presses_twice_gets_one_code()
    {
        var token = await TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")));
        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Entry.SendCodeAsync(token, Never))));
        Assert.All(pressed, one => Assert.IsType<CodeSending.Sent>(one));
        var code = await CodeAsync();
        Assert.Single(await _outside.MailToAsync(Carol), mail => mail.Subject!.Contains("code", StringComparison.Ordinal));
        Assert.IsType<CodeEntry.Proved>(await EnterAsync(token, code));
    }

    [Fact]
    public async Task A_link_opens_for_its_reader_only_and_until_it_expires()
    {
        var forBoth = await _portal.SendAsync(_alice, Mail.To($"{Carol}, dave@outside.test", "To both"));
        var carol = await EnterAsync(forBoth, Carol);
        var dave = await EnterAsync(forBoth, "dave@outside.test");
        Assert.NotEqual(carol.Link, dave.Link);
        Assert.IsType<LinkAccess.NotFound>(await Reading.OpenAsync(dave.Reader, carol.Link, null, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(dave.Reader, dave.Link, null, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(carol.Reader, carol.Link, null, Never));

        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30));
        await using var later = await _portal.AnotherNodeAsync(late, OutsideReaders.PublicAddress);
        Assert.IsType<LinkAccess.Expired>(await later.Get<LinkReading>().ReadAsync(carol.Reader, carol.Link, Never));
        Assert.Null(await later.Get<LinkContents>().BodyAsync(carol.Reader, carol.Link, Never));
        Assert.IsType<LinkLook.Expired>(await later.Get<ReaderEntry>().LookAsync(await TokenAsync(forBoth, Carol), null, Never));
        Assert.IsType<CodeSending.Closed>(await later.Get<ReaderEntry>().SendCodeAsync(await TokenAsync(forBoth, Carol), Never));
    }

    [Fact]
    public async Task A_session_ends_when_its_reader_leaves()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var proved = await EnterAsync(sent, Carol);
        await Reading.OpenAsync(proved.Reader, proved.Link, null, Never);
        var sessions = _portal.Get<ReaderSessions>();
        Assert.Equal(proved.Reader.Actor, (await sessions.FindAsync(proved.Reader.Token, Never))!.Actor);
        await sessions.EndAsync(proved.Reader, Never);
        Assert.Null(await sessions.FindAsync(proved.Reader.Token, Never));
        Assert.IsType<LinkAccess.NotOpened>(await Reading.ReadAsync(proved.Reader, proved.Link, Never));
    }

    [Fact]
    public async Task Whether_people_outside_read_here_is_the_organisations_to_say()
    {
        await FollowAsync(policy => policy with { Outsiders = OutsiderDelivery.Certificate });
        var draft = await _portal.WriteAsync(_alice, Mail.To(Carol, "The findings"));
        Assert.Equal(SendProblem.Unencryptable, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft)).Problem);
        await FollowAsync(policy => policy with { Outsiders = OutsiderDelivery.Link, Readers = policy.Readers with { LinkDays = 3 } });
        var sent = Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy;
        var links = (await _portal.Get<SentLinks>().OfAsync(_alice.Account, sent, Never))!;
        Assert.InRange(links.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
        await Assert.ThrowsAsync<ArgumentException>(() => FollowAsync(policy => policy with { Readers = policy.Readers with { LinkDays = 0 } }));
    }

    private async Task FollowAsync(Func<OrganisationPolicy, OrganisationPolicy> change)
    {
        var policies = _portal.Get<OrganisationPolicies>();
        await policies.ChangeAsync(_alice.Account, change(await policies.ReadAsync(_alice.Account.Organisation, Never)), Never);
    }

    private Task<CodeEntry> EnterAsync(string token, string code) => _outside.EnterAsync(token, code);

    private Task<CodeEntry.Proved> EnterAsync(StoredMessageId sent, string reader) => _outside.ProveAsync(sent, reader);

    private async Task<SentLinkView> LinkAsync(StoredMessageId sent) => Assert.Single((await _outside.LinksAsync(sent)).Links);

    private Task<string> TokenAsync(StoredMessageId sent, string reader = Carol) => _outside.TokenAsync(sent, reader);

    private Task<string> CodeAsync(string reader = Carol) => _outside.CodeAsync(reader);

    private static string Other(string code) => code == "000000" ? "000001" : "000000";
}

public sealed class PostgresSecureLinksTests(PostgresFixture postgres) : SecureLinksContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteSecureLinksTests(SqliteFixture sqlite) : SecureLinksContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
