using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Organisations;
using Portal.Application.SecureLinks;
using Portal.Application.Sweeping;
using Portal.Application.Tests.Database;
using Portal.Application.Work;

namespace Portal.Application.Tests.Portals;

/// <summary>What a sender can still do about a message that rests here, and what its reader can do about theirs.</summary>
public abstract class LinkControlContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;
    private OutsideReaders _outside = null!;

    private LinkControl Control => _portal.Get<LinkControl>();

    private LinkReading Reading => _portal.Get<LinkReading>();

    private LinkContents Contents => _portal.Get<LinkContents>();

    private ReaderAccount Account => _portal.Get<ReaderAccount>();

    private NoticeChecking Checking => _portal.Get<NoticeChecking>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test", Roles.User);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_taken_back_opens_for_nobody_any_more_also_not_while_it_is_open()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await _outside.ProveAsync(sent, Carol);
        var token = await _outside.TokenAsync(sent, Carol);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(carol.Reader, carol.Link, null, Never));
        Assert.Equal(LinkChange.NotFound, await Control.RecallAsync(_bob.Account, sent, wholeConversation: false, Never));
        Assert.Equal(LinkChange.Done, await Control.RecallAsync(_alice.Account, sent, wholeConversation: false, Never));

        Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(carol.Reader, carol.Link, Never));
        Assert.IsType<LinkAccess.Recalled>(await Reading.OpenAsync(carol.Reader, carol.Link, null, Never));
        Assert.Null(await Contents.BodyAsync(carol.Reader, carol.Link, Never));
        Assert.IsType<LinkLook.Recalled>(await _portal.Get<ReaderEntry>().LookAsync(token, null, Never));
        Assert.IsType<CodeSending.Closed>(await _portal.Get<ReaderEntry>().SendCodeAsync(token, Never));
        await using (var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never))
        {
            Assert.Equal((1, 0), (await db.SecureLinks.CountAsync(Never), await db.SecureLinks.CountAsync(one => one.WrappedKey != null, Never)));
            Assert.Equal((1, 0), (await db.LinkOpenings.CountAsync(Never), await db.LinkOpenings.CountAsync(one => one.SealedKey != null, Never)));
        }

        Assert.NotNull((await _outside.LinksAsync(sent)).RecalledAt);
        Assert.Equal(LinkChange.Recalled, await Control.RecallAsync(_alice.Account, sent, wholeConversation: false, Never));
        Assert.Equal(LinkChange.Recalled, await Control.ExpireAtAsync(_alice.Account, sent, TimeProvider.System.GetUtcNow().AddDays(1), Never));
    }

    [Fact]
    public async Task What_is_taken_back_before_anybody_was_told_is_told_to_nobody()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        await Control.RecallAsync(_alice.Account, sent, wholeConversation: false, Never);
        await _portal.WorkOffAsync();
        Assert.Empty(await _outside.MailAsync());
    }

    [Fact]
    public async Task How_long_it_can_be_read_is_changed_afterwards_and_exact()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await _outside.ProveAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        var until = TimeProvider.System.GetUtcNow().AddMinutes(5);
        Assert.Equal(LinkChange.NotFound, await Control.ExpireAtAsync(_bob.Account, sent, until, Never));
        Assert.Equal(LinkChange.NoSuchTime, await Control.ExpireAtAsync(_alice.Account, sent, until.AddHours(-1), Never));
        Assert.Equal(LinkChange.NoSuchTime, await Control.ExpireAtAsync(_alice.Account, sent, until.AddDays(ReaderPolicy.LongestLink + 1), Never));
        Assert.Equal(LinkChange.Done, await Control.ExpireAtAsync(_alice.Account, sent, until, Never));

        var clock = new FakeTimeProvider(until.AddSeconds(-1));
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        Assert.IsType<LinkAccess.Granted>(await node.Get<LinkReading>().ReadAsync(carol.Reader, carol.Link, Never));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<LinkAccess.Expired>(await node.Get<LinkReading>().ReadAsync(carol.Reader, carol.Link, Never));
        Assert.Equal(LinkChange.Done, await Control.ExpireAtAsync(_alice.Account, sent, until.AddDays(1), Never));
        Assert.IsType<LinkAccess.Granted>(await node.Get<LinkReading>().ReadAsync(carol.Reader, carol.Link, Never));
    }

    [Fact]
    public async Task Who_has_not_opened_it_is_reminded_and_not_too_often()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var token = await _outside.TokenAsync(sent, Carol);
        var link = Assert.Single((await _outside.LinksAsync(sent)).Links);
        Assert.False(link.MayBeReminded);
        Assert.Equal(LinkChange.NotYet, await Control.RemindAsync(_alice.Account, link.Id, Never));

        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + LinkControl.ReminderGap);
        await using (var node = await _portal.AnotherNodeAsync(later, OutsideReaders.PublicAddress))
        {
            Assert.Equal(LinkChange.NotFound, await node.Get<LinkControl>().RemindAsync(_bob.Account, link.Id, Never));
            Assert.Equal(LinkChange.Done, await node.Get<LinkControl>().RemindAsync(_alice.Account, link.Id, Never));
            Assert.Equal(LinkChange.NotYet, await node.Get<LinkControl>().RemindAsync(_alice.Account, link.Id, Never));
            await node.WorkOffAsync();
        }

        var notices = await _outside.MailToAsync(Carol);
        Assert.Equal(2, notices.Count);
        Assert.StartsWith("Reminder", notices[1].Subject, StringComparison.Ordinal);
        Assert.Contains(token, notices[1].TextBody, StringComparison.Ordinal);
        var carol = await _outside.ProveAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        later.Advance(LinkControl.ReminderGap);
        await using var again = await _portal.AnotherNodeAsync(later, OutsideReaders.PublicAddress);
        Assert.Equal(LinkChange.NotYet, await again.Get<LinkControl>().RemindAsync(_alice.Account, link.Id, Never));
    }

    [Fact]
    public async Task Whoever_has_not_opened_it_is_reminded_once_by_itself_where_the_organisation_wants_that()
    {
        var policies = _portal.Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(_alice.Account.Organisation, Never);
        await policies.ChangeAsync(_alice.Account, policy with { Readers = policy.Readers with { ReminderDays = 3 } }, Never);
        var sent = await _portal.SendAsync(_alice, Mail.To($"{Carol}, dave@outside.test", "The findings"));
        var dave = await _outside.ProveAsync(sent, "dave@outside.test");
        await Reading.OpenAsync(dave.Reader, dave.Link, null, Never);
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            var due = (await db.WorkItems.SingleAsync(one => one.Kind == WorkKind.RemindReaders, Never)).DueAt;
            Assert.InRange(due - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
            await db.WorkItems.Where(one => one.Kind == WorkKind.RemindReaders).ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, TimeProvider.System.GetUtcNow().AddDays(-1)), Never);
            await db.CommitAsync(Never);
        }

        await using var node = await _portal.AnotherNodeAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(3)), OutsideReaders.PublicAddress);
        await node.WorkOffAsync();
        await _portal.WorkOffAsync();
        Assert.Single(await _outside.MailToAsync(Carol), one => one.Subject!.StartsWith("Reminder", StringComparison.Ordinal));
        Assert.DoesNotContain(await _outside.MailToAsync("dave@outside.test"), one => one.Subject!.StartsWith("Reminder", StringComparison.Ordinal));
        await using var after = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.False(await after.WorkItems.AnyAsync(one => one.Kind == WorkKind.RemindReaders, Never));
    }

    [Fact]
    public async Task Whoever_has_lost_the_mail_asks_for_it_by_address_and_strangers_are_told_the_same()
    {
        await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var entry = _portal.Get<ReaderEntry>();
        foreach (var address in (string[])[Carol, "nobody@outside.test"])
        {
            Assert.DoesNotContain(false, await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => entry.AskForLinkAsync(_alice.Account.Organisation, address, Never))));
            Assert.True(await entry.AskForLinkAsync(_alice.Account.Organisation, address, Never));
        }

        await _portal.WorkOffAsync();
        Assert.Single(await _outside.MailAsync());

        await using var node = await _portal.AnotherNodeAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(11)), OutsideReaders.PublicAddress);
        Assert.True(await node.Get<ReaderEntry>().AskForLinkAsync(_alice.Account.Organisation, " CAROL@outside.test", Never));
        Assert.True(await node.Get<ReaderEntry>().AskForLinkAsync(_alice.Account.Organisation, "nobody@outside.test", Never));
        await node.WorkOffAsync();
        Assert.Equal(2, (await _outside.MailToAsync(Carol)).Count);
        Assert.Equal(2, (await _outside.MailAsync()).Count);
    }

    [Fact]
    public async Task Long_after_nobody_can_read_it_nothing_is_left_that_could_open_it()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await _outside.ProveAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        await using (var db = await Db.Database.WriteAsync(_alice.Account.Organisation, Never))
        {
            Assert.Equal(0, await ReaderRemovals.MessagesAsync(db, _alice.Account.Organisation, TimeProvider.System.GetUtcNow().AddDays(29), Never));
            Assert.Equal(1, await ReaderRemovals.MessagesAsync(db, _alice.Account.Organisation, TimeProvider.System.GetUtcNow().AddDays(31), Never));
            Assert.Equal(0, await ReaderRemovals.DevicesAsync(db, _alice.Account.Organisation, TimeProvider.System.GetUtcNow(), Never));
            Assert.Equal(1, await ReaderRemovals.SessionsAsync(db, _alice.Account.Organisation, TimeProvider.System.GetUtcNow().AddDays(8), Never));
            await db.CommitAsync(Never);
        }

        await using var read = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Null((await read.SecureMessages.SingleAsync(Never)).ContentId);
        Assert.Null((await read.SecureLinks.SingleAsync(Never)).WrappedKey);
        Assert.NotNull(Assert.Single((await _outside.LinksAsync(sent)).Links).FirstOpenedAt);
        Assert.Equal(LinkChange.Expired, await Control.ExpireAtAsync(_alice.Account, sent, TimeProvider.System.GetUtcNow().AddDays(60), Never));
    }

    [Fact]
    public async Task A_reader_finds_all_that_was_sent_to_them_and_nothing_else()
    {
        var first = await _portal.SendAsync(_alice, Mail.To(Carol, "The first"));
        await _outside.TokenAsync(first, Carol);
        var second = await _portal.SendAsync(_alice, Mail.To($"{Carol}, dave@outside.test", "The second"));
        await _portal.SendAsync(_alice, Mail.To("dave@outside.test", "Not hers"));
        var carol = await _outside.ProveAsync(second, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        await Control.RecallAsync(_alice.Account, first, wholeConversation: false, Never);

        var account = (await Account.ReadAsync(carol.Reader, Never))!;
        Assert.Equal((Carol, "Organisation example.test", "en", null), (account.Address, account.Organisation, account.Language, account.Phrase));
        Assert.Equal([(false, true), (true, false)], account.Messages.Select(one => (one.IsRecalled, one.OpenedAt is not null)));
        Assert.Equal(carol.Link, account.Messages[0].Id);
    }

    [Fact]
    public async Task A_reader_is_told_in_their_language_and_with_their_phrase()
    {
        var carol = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The first")), Carol);
        Assert.Equal(ReaderChoice.Kept, await Account.ChooseAsync(carol.Reader, "de", " Zwei\u202E Raben ", Never));
        Assert.Equal(ReaderChoice.Kept, await Account.ChooseAsync(carol.Reader, "xx", "Zwei Raben", Never));
        var account = (await Account.ReadAsync(carol.Reader, Never))!;
        Assert.Equal(("de", "Zwei Raben"), (account.Language, account.Phrase));
        foreach (var link in (string[])["see http://evil.test", "www.evil.test", "evil.test/now"])
        {
            Assert.Equal(ReaderChoice.LinkInPhrase, await Account.ChooseAsync(carol.Reader, "en", link, Never));
        }

        await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The second")), Carol);
        var notice = (await _outside.MailToAsync(Carol))[^1];
        Assert.Contains("Ihre Phrase: Zwei Raben", notice.TextBody, StringComparison.Ordinal);
        Assert.Equal("de", notice.Body!.Headers["Content-Language"]);
        Assert.Equal(ReaderChoice.Kept, await Account.ChooseAsync(carol.Reader, "de", " ", Never));
        Assert.Null((await Account.ReadAsync(carol.Reader, Never))!.Phrase);
    }

    [Fact]
    public async Task A_reader_who_ends_their_access_reads_no_more_until_somebody_writes_again()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The first"));
        var carol = await _outside.ProveAsync(sent, Carol);
        var token = await _outside.TokenAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        await Account.ChooseAsync(carol.Reader, "en", "Two ravens", Never);
        Assert.True(await Account.CloseAsync(carol.Reader, Never));

        Assert.Null(await _portal.Get<ReaderSessions>().FindAsync(carol.Reader.Token, Never));
        Assert.IsType<LinkLook.Ended>(await _portal.Get<ReaderEntry>().LookAsync(token, null, Never));
        Assert.IsType<CodeSending.Closed>(await _portal.Get<ReaderEntry>().SendCodeAsync(token, Never));
        await using (var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never))
        {
            Assert.Null((await db.Readers.SingleAsync(Never)).SealedPhrase);
        }

        Assert.True(Assert.Single((await _outside.LinksAsync(sent)).Links).IsClosed);

        var again = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The second")), Carol);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(again.Reader, again.Link, null, Never));
        Assert.IsType<LinkAccess.NotFound>(await Reading.OpenAsync(again.Reader, carol.Link, null, Never));
    }

    [Fact]
    public async Task Whether_a_notice_is_genuine_anybody_can_look_up()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var token = await _outside.TokenAsync(sent, Carol);
        var notice = Assert.Single(await _outside.MailToAsync(Carol)).TextBody!;
        var genuine = Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync(notice, Never));
        Assert.Equal(("alice@example.test", "c…l@outside.test", true), (genuine.SenderAddress, genuine.Masked, genuine.IsOpen));
        Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync($"https://mail.example.test/open/{token}", Never));
        await Control.RecallAsync(_alice.Account, sent, wholeConversation: false, Never);
        Assert.False(Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync(notice, Never)).IsOpen);
    }

    [Theory]
    [InlineData("https://mail.example.test.evil.test/open/x", "mail.example.test.evil.test")]
    [InlineData("https://mail.example.test@evil.test/open/x", "evil.test")]
    [InlineData("http://mail.example.test/open/x", "mail.example.test")]
    [InlineData("https://mail.example.test:8443/open/x", "mail.example.test")]
    [InlineData("https://someone@mail.example.test/open/x", "mail.example.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or https://evil.test/", "evil.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or www.evil.test/login.", "www.evil.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or evil.test/login", "evil.test")]
    [InlineData(@"See https://mail.example.test/open/TOKEN or http:\\evil.test\login", "evil.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or https:evil.test", "https:evil.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or (ftp://evil.test/a)", "evil.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or 192.0.2.7/login", "192.0.2.7")]
    [InlineData("See https://mail.example.test/open/TOKEN or bücher.test/login", "xn--bcher-kva.test")]
    [InlineData("See https://mail.example.test/open/TOKEN or https://evil..test:x/", "https://evil..test:x/")]
    public async Task A_forged_notice_leads_elsewhere(string pasted, string host)
    {
        var token = await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        Assert.Equal(host, Assert.IsType<NoticeCheck.Elsewhere>(await Checking.CheckAsync(pasted.Replace("TOKEN", token, StringComparison.Ordinal), Never)).Host);
    }

    [Theory]
    [InlineData("https://mail.example.test/open/TOKEN.")]
    [InlineData("(https://mail.example.test/open/TOKEN)")]
    [InlineData("mail.example.test/open/TOKEN")]
    [InlineData("<a href=\"https://mail.example.test/open/TOKEN\">https://mail.example.test/open/TOKEN</a>")]
    [InlineData("„https://mail.example.test/open/TOKEN“, and https://mail.example.test/check")]
    public async Task A_genuine_link_is_known_however_it_is_pasted(string pasted)
    {
        var token = await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        Assert.IsType<NoticeCheck.Genuine>(await Checking.CheckAsync(pasted.Replace("TOKEN", token, StringComparison.Ordinal), Never));
    }

    [Theory]
    [InlineData("https://mail.example.test/check")]
    [InlineData("https://mail.example.test/read/mailbox")]
    [InlineData("See mail.example.test/check.")]
    public async Task What_leads_here_and_to_no_message_is_harmless(string pasted) => Assert.IsType<NoticeCheck.Harmless>(await Checking.CheckAsync(pasted, Never));

    [Fact]
    public async Task A_forged_notice_has_a_link_that_was_never_sent_or_none()
    {
        Assert.IsType<NoticeCheck.Unknown>(await Checking.CheckAsync($"https://mail.example.test/open/{new string('x', 43)}", Never));
        Assert.IsType<NoticeCheck.Unknown>(await Checking.CheckAsync($"https://mail.example.test/file/{new string('x', 43)}", Never));
        Assert.IsType<NoticeCheck.NoLink>(await Checking.CheckAsync("Your parcel is here. Call us, e.g. at 24/7, or write to us@evil.test.", Never));
        Assert.IsType<NoticeCheck.NoLink>(await Checking.CheckAsync(new string('x', 1_000_000), Never));
    }
}

public sealed class PostgresLinkControlTests(PostgresFixture postgres) : LinkControlContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteLinkControlTests(SqliteFixture sqlite) : LinkControlContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
