using Microsoft.Extensions.Time.Testing;
using Portal.Application.Compose;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What a sender asks of those who read by a link, and by what else they are recognised.</summary>
public abstract class LinkChoicesContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private LinkReading Reading => _portal.Get<LinkReading>();

    private LinkContents Contents => _portal.Get<LinkContents>();

    private ReaderEntry Entry => _portal.Get<ReaderEntry>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_message_with_a_pass_phrase_opens_for_whoever_knows_it()
    {
        var sent = await SendAsync(LinkChoices.None with { PassPhrase = "Two Ravens" });
        var carol = await _outside.ProveAsync(sent, Carol);
        Assert.Equal(5, Assert.IsType<LinkAccess.NotOpened>(await Reading.OpenAsync(carol.Reader, carol.Link, null, Never)).PhraseTriesLeft);
        Assert.Equal(4, Assert.IsType<LinkAccess.NotOpened>(await Reading.OpenAsync(carol.Reader, carol.Link, "two crows", Never)).PhraseTriesLeft);
        Assert.Null(await Contents.BodyAsync(carol.Reader, carol.Link, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(carol.Reader, carol.Link, " two  ravens ", Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.ReadAsync(carol.Reader, carol.Link, Never));
        Assert.True((await _outside.LinksAsync(sent)).Demands.PassPhrase);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.DoesNotContain("ravens", System.Text.Encoding.UTF8.GetString(db.SecureMessages.Single().PassPhraseHash!), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Five_wrong_phrases_close_it_until_its_sender_lets_them_try_again()
    {
        var sent = await SendAsync(LinkChoices.None with { PassPhrase = "Two Ravens" });
        var carol = await _outside.ProveAsync(sent, Carol);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Reading.OpenAsync(carol.Reader, carol.Link, "two crows", Never)));
        Assert.Equal(0, Assert.IsType<LinkAccess.NotOpened>(await Reading.OpenAsync(carol.Reader, carol.Link, "Two Ravens", Never)).PhraseTriesLeft);
        Assert.True(Assert.Single((await _outside.LinksAsync(sent)).Links).IsLocked);

        var bob = await _portal.EnrolAsync(_alice.Account.Organisation, "bob@example.test");
        Assert.Equal(LinkChange.NotFound, await _portal.Get<LinkControl>().LetTryAgainAsync(bob.Account, carol.Link, Never));
        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().LetTryAgainAsync(_alice.Account, carol.Link, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(carol.Reader, carol.Link, "Two Ravens", Never));
    }

    [Fact]
    public async Task Where_the_organisation_asks_for_a_phrase_nothing_goes_without()
    {
        await FollowAsync(readers => readers with { DemandsPassPhrase = true });
        var draft = await _portal.WriteAsync(_alice, Mail.To(Carol, "The findings"));
        Assert.Equal(SendProblem.PassPhraseMissing, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, draft)).Problem);
        var shortOne = await _portal.WriteAsync(_alice, Mail.To(Carol, "The findings") with { Links = LinkChoices.None with { PassPhrase = "a b c d" } });
        Assert.Equal(SendProblem.PassPhraseMissing, Assert.IsType<SendOutcome.Refused>(await _portal.SendAsync(_alice, shortOne)).Problem);
        await SendAsync(LinkChoices.None with { PassPhrase = "Two Ravens" });
    }

    [Fact]
    public async Task What_opens_once_is_read_in_one_visit()
    {
        var sent = await SendAsync(LinkChoices.None with { OpensOnce = true });
        var first = await _outside.ProveAsync(sent, Carol);
        var second = await _outside.ProveAsync(sent, Carol);
        Assert.True(Assert.IsType<LinkAccess.NotOpened>(await Reading.ReadAsync(first.Reader, first.Link, Never)).OpensOnce);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(first.Reader, first.Link, null, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(first.Reader, first.Link, null, Never));
        Assert.NotNull(await Contents.BodyAsync(first.Reader, first.Link, Never));
        Assert.IsType<LinkAccess.Spent>(await Reading.OpenAsync(second.Reader, second.Link, null, Never));
        Assert.IsType<LinkAccess.Spent>(await Reading.ReadAsync(second.Reader, second.Link, Never));
        Assert.IsType<LinkLook.Spent>(await Entry.LookAsync(await _outside.TokenAsync(sent, Carol), null, Never));
        await _portal.Get<ReaderSessions>().EndAsync(first.Reader, Never);
        Assert.IsType<LinkAccess.Spent>(await Reading.ReadAsync(first.Reader, first.Link, Never));
        Assert.False(Assert.Single((await _outside.LinksAsync(sent)).Links).IsClosed);
    }

    [Fact]
    public async Task Of_many_who_open_once_at_a_time_one_does()
    {
        var sent = await SendAsync(LinkChoices.None with { OpensOnce = true });
        var visits = new List<CodeEntry.Proved>();
        for (var visit = 0; visit < 4; visit++)
        {
            visits.Add(await _outside.ProveAsync(sent, Carol));
        }

        var opened = await Task.WhenAll(visits.Select(one => Reading.OpenAsync(one.Reader, one.Link, null, Never)));
        Assert.Single(opened, one => one is LinkAccess.Granted);
        Assert.Equal(3, opened.Count(one => one is LinkAccess.Spent));
    }

    [Fact]
    public async Task No_file_is_given_of_what_its_sender_keeps_and_the_readers_address_is_drawn_over_it()
    {
        await FollowAsync(readers => readers with { GivesOriginals = true });
        var sent = await SendAsync(LinkChoices.None with { ForbidsDownloads = true, HasWatermark = true, Days = 3 });
        Assert.InRange((await _outside.LinksAsync(sent)).ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
        var carol = await _outside.ProveAsync(sent, Carol);
        var message = Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(carol.Reader, carol.Link, null, Never)).Message;
        Assert.Equal((false, false), (message.MayDownload, message.GivesOriginal));
        Assert.Null(await Contents.MessageAsync(carol.Reader, carol.Link, Never));
        Assert.Null(await Contents.OriginalAsync(carol.Reader, carol.Link, Never));
        var html = (await Contents.BodyAsync(carol.Reader, carol.Link, Never))!.Html;
        var picture = System.Text.RegularExpressions.Regex.Match(html, "data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)").Groups[1].Value;
        Assert.Contains(Carol, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(picture)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recognised_browser_needs_no_code_for_as_long_as_the_organisation_says()
    {
        var sent = await SendAsync(LinkChoices.None);
        var token = await _outside.TokenAsync(sent, Carol);
        var carol = await _outside.ProveAsync(sent, Carol);
        var devices = _portal.Get<ReaderDevices>();
        Assert.Null(await devices.RememberAsync(carol.Reader, OutsideReaders.Browser, Never));
        await FollowAsync(readers => readers with { DeviceDays = 30 });
        var device = (await devices.RememberAsync(carol.Reader, OutsideReaders.Browser, Never))!;
        Assert.True(await IsRecognisedAsync(_portal, token, device.Token));
        Assert.False(await IsRecognisedAsync(_portal, token, new string('x', 43)));
        var again = Assert.IsType<CodeEntry.Proved>(await Entry.EnterByDeviceAsync(token, device.Token, OutsideReaders.Browser, Never));
        Assert.Equal(ReaderProof.Device, again.Reader.Proof);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(again.Reader, again.Link, null, Never));
        Assert.Null(await devices.RememberAsync(again.Reader, OutsideReaders.Browser, Never));

        var dave = await _portal.SendAsync(_alice, Mail.To("dave@outside.test", "His"));
        Assert.IsType<CodeEntry.Dead>(await Entry.EnterByDeviceAsync(await _outside.TokenAsync(dave, "dave@outside.test"), device.Token, OutsideReaders.Browser, Never));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(29));
        await using var later = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        Assert.True(await IsRecognisedAsync(later, token, device.Token));
        await FollowAsync(readers => readers with { DeviceDays = 7 });
        Assert.False(await IsRecognisedAsync(later, token, device.Token));
        await devices.ForgetAsync(carol.Reader, Never);
        Assert.False(await IsRecognisedAsync(_portal, token, device.Token));
        Assert.IsType<CodeEntry.Dead>(await Entry.EnterByDeviceAsync(token, device.Token, OutsideReaders.Browser, Never));
    }

    [Fact]
    public async Task An_app_that_was_set_up_in_an_earlier_visit_shows_who_they_are()
    {
        var token = await _outside.TokenAsync(await SendAsync(LinkChoices.None), Carol);
        var carol = await _outside.ProveAsync((await SendAsync(LinkChoices.None)), Carol);
        var apps = _portal.Get<ReaderApps>();
        Assert.IsType<CodeEntry.Closed>(await Entry.EnterByAppAsync(token, "123456", OutsideReaders.Browser, Never));
        var setup = (await apps.BeginAsync(carol.Reader, Never))!;
        Assert.StartsWith("otpauth://totp/Organisation%20example.test:carol%40outside.test?secret=", setup.Uri, StringComparison.Ordinal);
        Assert.Equal(setup.Key, (await apps.BeginAsync(carol.Reader, Never))!.Key);
        var secret = setup.Key.Replace(" ", "", StringComparison.Ordinal);
        Assert.IsType<CodeEntry.Closed>(await Entry.EnterByAppAsync(token, Totp.Now(secret), OutsideReaders.Browser, Never));
        Assert.False(await apps.ConfirmAsync(carol.Reader, "", Never));
        Assert.True(await apps.ConfirmAsync(carol.Reader, Totp.Now(secret), Never));
        Assert.Null(await apps.BeginAsync(carol.Reader, Never));
        Assert.True(Assert.IsType<LinkLook.Open>(await Entry.LookAsync(token, null, Never)).HasApp);

        // What confirmed the app is used up.
        Assert.IsType<CodeEntry.Wrong>(await Entry.EnterByAppAsync(token, Totp.Now(secret), OutsideReaders.Browser, Never));
        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await _portal.AnotherNodeAsync(later, OutsideReaders.PublicAddress);
        var next = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(later.GetUtcNow().AddSeconds(60).UtcDateTime);
        later.Advance(TimeSpan.FromSeconds(60));
        var entries = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => node.Get<ReaderEntry>().EnterByAppAsync(token, $"{next[..3]} {next[3..]}", OutsideReaders.Browser, Never)));
        Assert.Equal(ReaderProof.App, Assert.IsType<CodeEntry.Proved>(Assert.Single(entries, one => one is CodeEntry.Proved)).Reader.Proof);
    }

    [Fact]
    public async Task Five_wrong_codes_of_an_app_are_enough_for_an_hour()
    {
        var token = await _outside.TokenAsync(await SendAsync(LinkChoices.None), Carol);
        var carol = await _outside.ProveAsync((await SendAsync(LinkChoices.None)), Carol);
        var apps = _portal.Get<ReaderApps>();
        var secret = (await apps.BeginAsync(carol.Reader, Never))!.Key.Replace(" ", "", StringComparison.Ordinal);
        await apps.ConfirmAsync(carol.Reader, Totp.Now(secret), Never);
        var entries = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Entry.EnterByAppAsync(token, "x", OutsideReaders.Browser, Never)));
        Assert.Equal(4, entries.Count(one => one is CodeEntry.Wrong));
        Assert.Equal(46, entries.Count(one => one is CodeEntry.Dead));
        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(30));
        await using var node = await _portal.AnotherNodeAsync(later, OutsideReaders.PublicAddress);
        var right = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(later.GetUtcNow().UtcDateTime);
        Assert.IsType<CodeEntry.Dead>(await node.Get<ReaderEntry>().EnterByAppAsync(token, right, OutsideReaders.Browser, Never));
        later.Advance(TimeSpan.FromMinutes(31));
        right = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(later.GetUtcNow().UtcDateTime);
        Assert.IsType<CodeEntry.Proved>(await node.Get<ReaderEntry>().EnterByAppAsync(token, right, OutsideReaders.Browser, Never));
        await apps.RemoveAsync(carol.Reader, Never);
        Assert.False(Assert.IsType<LinkLook.Open>(await Entry.LookAsync(token, null, Never)).HasApp);
    }

    [Fact]
    public async Task Who_has_an_app_shows_it_where_a_message_or_the_organisation_asks()
    {
        var plain = await SendAsync(LinkChoices.None);
        var carol = await _outside.ProveAsync(plain, Carol);
        var apps = _portal.Get<ReaderApps>();
        var asking = await SendAsync(LinkChoices.None with { AsksOwnProof = true });
        Assert.False(Assert.IsType<LinkLook.Open>(await Entry.LookAsync(await _outside.TokenAsync(asking, Carol), null, Never)).AsksOwnProof);
        var secret = (await apps.BeginAsync(carol.Reader, Never))!.Key.Replace(" ", "", StringComparison.Ordinal);
        await apps.ConfirmAsync(carol.Reader, Totp.Now(secret), Never);
        var token = await _outside.TokenAsync(asking, Carol);
        Assert.True(Assert.IsType<LinkLook.Open>(await Entry.LookAsync(token, null, Never)).AsksOwnProof);

        var later = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await _portal.AnotherNodeAsync(later, OutsideReaders.PublicAddress);
        var byCode = await _outside.ProveAsync(asking, Carol);
        Assert.IsType<LinkAccess.NeedsProof>(await Reading.OpenAsync(byCode.Reader, byCode.Link, null, Never));
        Assert.IsType<LinkAccess.NeedsProof>(await Reading.ReadAsync(byCode.Reader, byCode.Link, Never));
        Assert.Null(await Contents.BodyAsync(byCode.Reader, byCode.Link, Never));
        Assert.Equal(token, await Reading.TokenAsync(byCode.Reader, byCode.Link, Never));
        Assert.Null(await Reading.TokenAsync(byCode.Reader, SecureLinkId.New(), Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(byCode.Reader, carol.Link, null, Never));

        // What is stronger is not taken away by what is weaker.
        Assert.False((await _portal.Get<ReaderAccount>().ReadAsync(byCode.Reader, Never))!.MayChangeProofs);
        await apps.RemoveAsync(byCode.Reader, Never);
        Assert.Null(await _portal.Get<ReaderPasskeys>().AskAsync(byCode.Reader, new Uri("https://mail.example.test"), Never));
        Assert.False(await _portal.Get<ReaderAccount>().CloseAsync(byCode.Reader, Never));
        Assert.Equal(HandedInCertificate.ProofNotShown, await _portal.Get<ReaderCertificates>().HandInAsync(byCode.Reader, [], Never));
        Assert.False(await _portal.Get<ReaderCertificates>().WithdrawAsync(byCode.Reader, Never));
        var next = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(later.GetUtcNow().AddSeconds(60).UtcDateTime);
        later.Advance(TimeSpan.FromSeconds(60));
        var byApp = Assert.IsType<CodeEntry.Proved>(await node.Get<ReaderEntry>().EnterByAppAsync(token, next, OutsideReaders.Browser, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(byApp.Reader, byApp.Link, null, Never));
        Assert.True((await _portal.Get<ReaderAccount>().ReadAsync(byApp.Reader, Never))!.MayChangeProofs);

        await FollowAsync(readers => readers with { DemandsOwnProof = true });
        var draft = Assert.IsType<ReaderSaving.Saved>(
            await _portal.Get<ReaderDrafts>().SaveAsync(byApp.Reader, ReaderDraftId.New(), null, new ReaderDraftContent(["alice@example.test"], "", "A question", "How so?"), Never)).Draft;
        var own = Assert.IsType<AnswerSending.Sent>(await _portal.Get<Answering>().SendAsync(byApp.Reader, draft, Never)).Link;
        Assert.IsType<LinkAccess.NeedsProof>(await Reading.OpenAsync(byCode.Reader, own, null, Never));
        var all = await SendAsync(LinkChoices.None);
        var lost = await _outside.ProveAsync(all, Carol);
        Assert.IsType<LinkAccess.NeedsProof>(await Reading.OpenAsync(lost.Reader, lost.Link, null, Never));
        var links = await _outside.LinksAsync(all);
        Assert.True(links.Demands.OwnProof && Assert.Single(links.Links).ShowsOwnProof);
        var bob = await _portal.EnrolAsync(_alice.Account.Organisation, "bob@example.test");
        Assert.Equal(LinkChange.NotFound, await _portal.Get<LinkControl>().ForgetOwnProofsAsync(bob.Account, lost.Link, Never));
        Assert.Equal(LinkChange.Done, await _portal.Get<LinkControl>().ForgetOwnProofsAsync(_alice.Account, lost.Link, Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(lost.Reader, lost.Link, null, Never));
        Assert.False(Assert.Single((await _outside.LinksAsync(all)).Links).ShowsOwnProof);
    }

    private static async Task<bool> IsRecognisedAsync(TestPortal portal, string token, string device) =>
        Assert.IsType<LinkLook.Open>(await portal.Get<ReaderEntry>().LookAsync(token, device, Never)).IsRecognised;

    private Task<StoredMessageId> SendAsync(LinkChoices choices) => _portal.SendAsync(_alice, Mail.To(Carol, "The findings") with { Links = choices });

    private async Task FollowAsync(Func<ReaderPolicy, ReaderPolicy> change)
    {
        var policies = _portal.Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(_alice.Account.Organisation, Never);
        await policies.ChangeAsync(_alice.Account, policy with { Readers = change(policy.Readers) }, Never);
    }
}

public sealed class PostgresLinkChoicesTests(PostgresFixture postgres) : LinkChoicesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteLinkChoicesTests(SqliteFixture sqlite) : LinkChoicesContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
