using System.Text;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>People outside answer where they read.</summary>
public abstract class AnswersContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private const string Dave = "dave@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private SignedInPerson _bob = null!;
    private OutsideReaders _outside = null!;

    private ReaderDrafts Written => _portal.Get<ReaderDrafts>();

    private LinkReading Reading => _portal.Get<LinkReading>();

    private LinkContents Contents => _portal.Get<LinkContents>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress, ("Portal:SecureLinks:FileBytes", "2000000"));
        var organisation = await _portal.FoundAsync("example.test");
        _alice = await _portal.EnrolAsync(organisation, "alice@example.test", Roles.User | Roles.Administrator);
        _bob = await _portal.EnrolAsync(organisation, "bob@example.test", Roles.User);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_answer_arrives_where_the_message_came_from_and_says_how_its_writer_was_known()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings", "All is well.")), Carol);
        var answer = await BeginAsync(carol);
        Assert.Equal(("Re: The findings", "alice@example.test"), (answer.Subject, Assert.Single(answer.Correspondents).Address));
        Assert.Contains("> All is well.", answer.Text, StringComparison.Ordinal);
        var sent = Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, ["alice@example.test"], "Thank you."));

        var arrived = await ArrivedAsync(_alice);
        Assert.Equal((Carol, "Re: The findings", MessageVerdict.None, true, "Code"), (arrived.From!.Address, arrived.Subject, arrived.Verdict.Verdict, arrived.Verdict.Encrypted, arrived.Verdict.WrittenHere));
        var own = Assert.IsType<LinkAccess.Granted>(await Reading.ReadAsync(carol.Reader, sent.Link, Never)).Message;
        Assert.Equal(("Re: The findings", Carol), (own.Subject, own.From!.Address));
        Assert.Contains("Thank you.", (await Contents.BodyAsync(carol.Reader, sent.Link, Never))!.Html, StringComparison.Ordinal);
        await _portal.WorkOffAsync();
        Assert.Equal(2, (await _outside.MailAsync()).Count);
    }

    [Fact]
    public async Task A_conversation_stays_together_and_is_taken_back_together()
    {
        var first = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await OpenedAsync(first, Carol);
        await SendAsync(carol, ["alice@example.test"], "Thank you.");
        var arrived = await ArrivedAsync(_alice);
        var draft = (await _portal.Get<Drafts>().ReplyAsync(_alice.Account, arrived.Id, ReplyKind.Reply, Never))!.Value;
        var second = Assert.IsType<SendOutcome.Accepted>(await _portal.SendAsync(_alice, draft)).SentCopy;
        await _outside.TokenAsync(second, Carol);
        await _portal.SendAsync(_alice, Mail.To(Carol, "Something else"));
        await _portal.WorkOffAsync();

        var conversation = await _portal.Get<ReaderAccount>().ConversationAsync(carol.Reader, carol.Link, Never);
        Assert.Equal([false, true, false], conversation.Select(one => one.IsOwn));
        Assert.Equal([null, null, "Re: The findings", "The findings"], (await _portal.Get<ReaderAccount>().ReadAsync(carol.Reader, Never))!.Messages.Select(one => one.Subject));
        Assert.True((await _outside.LinksAsync(first)).IsAnswered);
        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().RecallAsync(_alice.Account, second, wholeConversation: true, Never));
        foreach (var one in conversation)
        {
            Assert.Equal(one.IsOwn, Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(carol.Reader, one.Id, Never)).IsOwn);
        }

        var account = (await _portal.Get<ReaderAccount>().ReadAsync(carol.Reader, Never))!;
        Assert.Equal([false, true, true, true], account.Messages.Select(one => one.IsRecalled));
        Assert.All(account.Messages, one => Assert.Null(one.Subject));
    }

    [Fact]
    public async Task The_answers_can_be_taken_back_after_the_message_was()
    {
        var first = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings"));
        var carol = await OpenedAsync(first, Carol);
        var answer = Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, ["alice@example.test"], "Thank you."));
        var control = _portal.Get<LinkControl>();
        Assert.Equal(LinkChange.Done, await control.RecallAsync(_alice.Account, first, wholeConversation: false, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.ReadAsync(carol.Reader, answer.Link, Never));
        Assert.True((await _outside.LinksAsync(first)).IsAnswered);
        Assert.Equal(LinkChange.Done, await control.RecallAsync(_alice.Account, first, wholeConversation: true, Never));
        Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(carol.Reader, answer.Link, Never));
        Assert.False((await _outside.LinksAsync(first)).IsAnswered);
        Assert.Equal(LinkChange.Recalled, await control.RecallAsync(_alice.Account, first, wholeConversation: true, Never));
    }

    [Fact]
    public async Task What_quotes_is_closed_like_what_it_quotes()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings") with { Links = new LinkChoices("Two Ravens", 3, false, true, true) });
        var carol = await OpenedAsync(sent, Carol, "Two Ravens");
        var draft = await SaveAsync(carol, ["alice@example.test"], "My own words.\n\nOn Monday alice@example.test wrote:\n> All is well.\n");
        var answer = Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, ["alice@example.test"], "> All is well."));

        var again = await _outside.ProveAsync(sent, Carol);
        Assert.IsType<AnswerOpening.NotOpened>(await Written.OpenAsync(again.Reader, draft, null, false, Never));
        Assert.Null(Assert.Single((await _portal.Get<ReaderAccount>().ReadAsync(again.Reader, Never))!.Drafts).Subject);
        Assert.NotNull(Assert.IsType<LinkAccess.NotOpened>(await Reading.OpenAsync(again.Reader, answer.Link, null, Never)).PhraseTriesLeft);
        var message = Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(again.Reader, answer.Link, "Two Ravens", Never)).Message;
        Assert.False(message.MayDownload);
        Assert.InRange(message.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
        await Reading.OpenAsync(again.Reader, again.Link, "Two Ravens", Never);
        Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(again.Reader, draft, null, false, Never));
        await _portal.Get<LinkControl>().RecallAsync(_alice.Account, sent, wholeConversation: false, Never);
        Assert.Equal((draft, "My own words."), Assert.IsType<AnswerOpening.Closed>(await Written.OpenAsync(again.Reader, draft, null, false, Never)) is var closed ? (closed.Draft, closed.Own) : default);
        Assert.Equal(AnswerProblem.NotOpened, Assert.IsType<AnswerSending.Refused>(await _portal.Get<Answering>().SendAsync(again.Reader, draft, Never)).Problem);
        await _portal.Get<ReaderAccount>().CloseAsync(again.Reader, Never);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Empty(db.ReaderDrafts);
    }

    [Fact]
    public async Task An_answer_to_what_opens_once_is_open_in_that_visit_only()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Carol, "The findings") with { Links = LinkChoices.None with { OpensOnce = true } });
        var carol = await _outside.ProveAsync(sent, Carol);
        var other = await _outside.ProveAsync(sent, Carol);
        await Reading.OpenAsync(carol.Reader, carol.Link, null, Never);
        var answer = Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, ["alice@example.test"], "> All is well."));
        Assert.IsType<LinkAccess.Granted>(await Reading.ReadAsync(carol.Reader, answer.Link, Never));
        Assert.IsType<LinkAccess.Spent>(await Reading.OpenAsync(other.Reader, answer.Link, null, Never));
    }

    [Fact]
    public async Task An_answer_to_all_reaches_colleagues_in_their_mailboxes_and_others_outside_by_a_link()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To($"{Carol}, {Dave}, bob@example.test", "To all")), Carol);
        var offered = (await BeginAsync(carol, all: true)).Correspondents;
        Assert.Equal(["alice@example.test", Dave, "bob@example.test"], offered.Select(one => one.Address));
        Assert.All(offered, one => Assert.True(one is { IsChosen: true, IsReached: true }));
        Assert.Equal([true, false, false], (await BeginAsync(carol)).Correspondents.Select(one => one.IsChosen));
        var before = (await _outside.MailToAsync(Dave)).Count;
        await SendAsync(carol, offered.Select(one => one.Address), "To all of you.");
        await _portal.WorkOffAsync();

        Assert.Equal(Carol, (await ArrivedAsync(_bob, "Re: To all")).From!.Address);
        Assert.Equal(Carol, (await ArrivedAsync(_alice, "Re: To all")).From!.Address);
        var notice = (await _outside.MailToAsync(Dave))[^1];
        Assert.Equal(before + 1, (await _outside.MailToAsync(Dave)).Count);
        Assert.Contains(Carol, notice.TextBody, StringComparison.Ordinal);
        Assert.Equal("no-reply@example.test", notice.From.Mailboxes.Single().Address);
        Assert.Single(await _outside.MailToAsync(Carol), one => one.TextBody!.Contains("/open/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_is_written_to_whom_the_organisation_does_not_let_them_reach()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        Assert.False((await BeginAsync(carol)).MayAddOthers);
        Assert.Equal(AnswerProblem.NotReached, await RefusedAsync(carol, "bob@example.test"));
        await FollowAsync(ReaderReach.Organisation);
        Assert.Equal(AnswerProblem.NotReached, await RefusedAsync(carol, Dave));
        Assert.Equal(AnswerProblem.NotReached, await RefusedAsync(carol, "nobody@example.test"));
        Assert.Equal(AnswerProblem.NotReached, await RefusedAsync(carol, "not an address"));
        Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, [], "Hello.", "bob@example.test"));
        Assert.Equal(AnswerProblem.TooManyOthers, await RefusedAsync(carol, string.Join(", ", Enumerable.Repeat("bob@example.test", Answering.MostOthers + 1))));
        await FollowAsync(ReaderReach.Anybody);
        Assert.IsType<AnswerSending.Sent>(await SendAsync(carol, [], "Hello.", Dave));
        await _portal.WorkOffAsync();
        Assert.Single(await _outside.MailToAsync(Dave));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_kept_and_says_why()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        Assert.Equal(AnswerProblem.NoRecipient, Assert.IsType<AnswerSending.Refused>(await SendAsync(carol, ["mallory@evil.test"], "Hello.")).Problem);
        Assert.Equal(AnswerProblem.Empty, Assert.IsType<AnswerSending.Refused>(await SendAsync(carol, ["alice@example.test"], " \n ")).Problem);
        var drafts = (await _portal.Get<ReaderAccount>().ReadAsync(carol.Reader, Never))!.Drafts;
        Assert.Equal(2, drafts.Count);

        var draft = drafts[^1].Id;
        Assert.Equal("Hello.", Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, draft, null, false, Never)).Answer.Text);
        var dave = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Dave, "His")), Dave);
        Assert.IsType<AnswerOpening.NotFound>(await Written.OpenAsync(dave.Reader, draft, null, false, Never));
        Assert.IsType<AnswerSending.Gone>(await _portal.Get<Answering>().SendAsync(dave.Reader, draft, Never));
        Assert.IsType<ReaderSaving.Gone>(await Written.SaveAsync(dave.Reader, draft, null, new ReaderDraftContent([], "", "", "Mine now"), Never));
        Assert.IsType<ReaderSaving.Gone>(await Written.SaveAsync(dave.Reader, ReaderDraftId.New(), carol.Link, new ReaderDraftContent([], "", "", "To hers"), Never));
        Assert.IsType<AnswerOpening.NotFound>(await Written.OpenAsync(dave.Reader, null, carol.Link, false, Never));
        await Written.DiscardAsync(dave.Reader, draft, Never);
        await Written.DiscardAsync(carol.Reader, draft, Never);
        Assert.Single((await _portal.Get<ReaderAccount>().ReadAsync(carol.Reader, Never))!.Drafts);
    }

    [Fact]
    public async Task Files_go_with_an_answer_and_too_large_ones_do_not()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var draft = await SaveAsync(carol, ["alice@example.test"], "");
        var added = _portal.Get<ReaderFiles>();
        Assert.IsType<FileTaking.Taken>(await added.AddAsync(carol.Reader, draft, "../Results.txt", "text/plain", new MemoryStream("42"u8.ToArray()), Never));
        Assert.IsType<FileTaking.Taken>(await added.AddAsync(carol.Reader, draft, "b.bin", "multipart/mixed", new MemoryStream(new byte[1000]), Never));
        Assert.IsType<FileTaking.TooLarge>(await added.AddAsync(carol.Reader, draft, "huge.bin", "x/y", new MemoryStream(new byte[2_000_000]), Never));
        var files = Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, draft, null, false, Never)).Answer.Files;
        Assert.Equal(["Results.txt", "b.bin"], files.Select(one => one.FileName));
        await added.RemoveAsync(carol.Reader, draft, files[1].Id, Never);
        var sent = Assert.IsType<AnswerSending.Sent>(await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never));

        var arrived = await ArrivedAsync(_alice);
        Assert.Equal("Results.txt", Assert.Single(arrived.Attachments).FileName);
        await using var download = await Contents.AttachmentAsync(carol.Reader, sent.Link, 0, isAnew: true, Never);
        using var text = new StreamReader(download!.Content, Encoding.UTF8);
        Assert.Equal("42", await text.ReadToEndAsync(Never));
    }

    [Fact]
    public async Task What_somebody_typed_for_too_long_can_still_be_put_down_and_nothing_read()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(20));
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        var sessions = node.Get<ReaderSessions>();
        Assert.Null(await sessions.FindAsync(carol.Reader.Token, Never));
        Assert.NotNull(await sessions.FindLapsedAsync(carol.Reader.Token, Never));
        Assert.Null(await sessions.FindAsync(carol.Reader.Token, Never));
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Null(await sessions.FindLapsedAsync(carol.Reader.Token, Never));
        await _portal.Get<ReaderSessions>().EndAsync(carol.Reader, Never);
        Assert.Null(await _portal.Get<ReaderSessions>().FindLapsedAsync(carol.Reader.Token, Never));
    }

    [Fact]
    public async Task A_form_that_comes_twice_is_sent_once()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var (draft, content) = (ReaderDraftId.New(), new ReaderDraftContent(["alice@example.test"], "", "Re: The findings", "Thank you."));
        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            await Written.SaveAsync(carol.Reader, draft, carol.Link, content, Never) is ReaderSaving.Saved ? await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never) : new AnswerSending.Gone())));
        var sent = Assert.Single(pressed.OfType<AnswerSending.Sent>());
        Assert.Equal(3, pressed.Count(one => one is AnswerSending.Gone));
        Assert.IsType<ReaderSaving.Gone>(await Written.SaveAsync(carol.Reader, draft, carol.Link, content, Never));

        // What was typed in another window meanwhile is not what was sent.
        var other = Assert.IsType<ReaderSaving.Saved>(await Written.SaveAsync(carol.Reader, draft, carol.Link, content with { Text = "Thank you. And one more thing." }, Never));
        Assert.True(other.IsAnew && other.Draft != draft);
        Assert.Contains("one more thing", Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, other.Draft, null, false, Never)).Answer.Text, StringComparison.Ordinal);
        await Written.DiscardAsync(carol.Reader, other.Draft, Never);
        Assert.Equal(sent.Link, await _portal.Get<Answering>().FindSentAsync(carol.Reader, draft, Never));
        var dave = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Dave, "His")), Dave);
        Assert.Null(await _portal.Get<Answering>().FindSentAsync(dave.Reader, draft, Never));
        await _portal.WorkOffAsync();
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Single(db.SecureMessages.Where(one => one.AuthorId != null));
        Assert.Empty(db.ReaderDrafts);
    }

    [Fact]
    public async Task Of_further_addresses_the_one_that_is_none_is_named()
    {
        await FollowAsync(ReaderReach.Anybody);
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var draft = await SaveAsync(carol, [], "Hello.", "dave@outside.test; erin@outside.test, nobody at all");
        Assert.Equal("nobody at all", Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, draft, null, false, Never)).Answer.NotReached);
        var mended = await SaveAsync(carol, [], "Hello.", "dave@outside.test; erin@outside.test,");
        Assert.Null(Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, mended, null, false, Never)).Answer.NotReached);
        Assert.IsType<AnswerSending.Sent>(await _portal.Get<Answering>().SendAsync(carol.Reader, mended, Never));
    }

    [Fact]
    public async Task A_new_message_goes_to_whoever_wrote_before()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings")), Carol);
        var offered = Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(carol.Reader, null, null, false, Never)).Answer.Correspondents;
        Assert.Equal("alice@example.test", Assert.Single(offered).Address);
        var draft = Assert.IsType<ReaderSaving.Saved>(await Written.SaveAsync(carol.Reader, ReaderDraftId.New(), null, new ReaderDraftContent(["alice@example.test"], "", "A question", "How so?"), Never)).Draft;
        Assert.IsType<AnswerSending.Sent>(await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never));
        Assert.IsType<AnswerSending.Gone>(await _portal.Get<Answering>().SendAsync(carol.Reader, draft, Never));
        Assert.Equal("A question", (await ArrivedAsync(_alice, "A question")).Subject);
    }

    [Fact]
    public async Task A_message_is_saved_as_a_file_and_the_signed_one_where_the_organisation_gives_it()
    {
        var carol = await OpenedAsync(await _portal.SendAsync(_alice, Mail.To(Carol, "The findings", "All is well.")), Carol);
        await using var file = (await Contents.MessageAsync(carol.Reader, carol.Link, Never))!;
        var message = await MimeMessage.LoadAsync(file.Content, Never);
        Assert.Equal(("The findings", "alice@example.test"), (message.Subject, message.From.Mailboxes.Single().Address));
        Assert.Contains("All is well.", message.TextBody, StringComparison.Ordinal);
        Assert.Null(await Contents.OriginalAsync(carol.Reader, carol.Link, Never));

        var policies = _portal.Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(_alice.Account.Organisation, Never);
        await policies.ChangeAsync(_alice.Account, policy with { Readers = policy.Readers with { GivesOriginals = true } }, Never);
        await using var original = (await Contents.OriginalAsync(carol.Reader, carol.Link, Never))!;
        Assert.Equal("multipart/signed", (await MimeMessage.LoadAsync(original.Content, Never)).Body!.ContentType.MimeType);
    }

    private async Task<CodeEntry.Proved> OpenedAsync(StoredMessageId sent, string reader, string? passPhrase = null)
    {
        var proved = await _outside.ProveAsync(sent, reader);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(proved.Reader, proved.Link, passPhrase, Never));
        return proved;
    }

    private async Task<AnswerView> BeginAsync(CodeEntry.Proved reader, bool all = false) =>
        Assert.IsType<AnswerOpening.Ready>(await Written.OpenAsync(reader.Reader, null, reader.Link, all, Never)).Answer;

    private async Task<ReaderDraftId> SaveAsync(CodeEntry.Proved reader, IEnumerable<string> chosen, string text, string others = "") =>
        Assert.IsType<ReaderSaving.Saved>(await Written.SaveAsync(
            reader.Reader, ReaderDraftId.New(), reader.Link, new ReaderDraftContent(chosen.ToList(), others, (await BeginAsync(reader)).Subject, text), Never)).Draft;

    private async Task<AnswerSending> SendAsync(CodeEntry.Proved reader, IEnumerable<string> chosen, string text, string others = "") =>
        await _portal.Get<Answering>().SendAsync(reader.Reader, await SaveAsync(reader, chosen, text, others), Never);

    private async Task<AnswerProblem> RefusedAsync(CodeEntry.Proved reader, string others) =>
        Assert.IsType<AnswerSending.Refused>(await SendAsync(reader, ["alice@example.test"], "Hello.", others)).Problem;

    private async Task<MessageView> ArrivedAsync(SignedInPerson person, string subject = "Re: The findings") =>
        await _portal.OpenAsync(person, (await _portal.ReceiveAsync(person, subject)).Id);

    private async Task FollowAsync(ReaderReach reach)
    {
        var policies = _portal.Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(_alice.Account.Organisation, Never);
        await policies.ChangeAsync(_alice.Account, policy with { Readers = policy.Readers with { Reach = reach } }, Never);
    }
}

public sealed class PostgresAnswersTests(PostgresFixture postgres) : AnswersContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteAnswersTests(SqliteFixture sqlite) : AnswersContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
