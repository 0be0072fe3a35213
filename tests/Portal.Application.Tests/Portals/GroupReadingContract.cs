using Microsoft.EntityFrameworkCore;
using Portal.Application.Organisations;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>An address that several people read: each of them opens as themselves, and the sender sees who did.</summary>
public abstract class GroupReadingContract : DatabaseTest
{
    private const string Reception = "reception@outside.test";
    private const string Anna = "anna@outside.test";
    private const string Ben = "ben@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly LinkChoices Shared = LinkChoices.None.WithGroup(Reception, isGroup: true);
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private GroupReading Groups => _portal.Get<GroupReading>();

    private LinkReading Reading => _portal.Get<LinkReading>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Two_of_a_group_open_and_the_sender_sees_who_they_are()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Reception, "The findings", "All is well.") with { Links = Shared });
        var group = await _outside.ProveAsync(sent, Reception);
        var person = Assert.IsType<LinkAccess.NeedsPerson>(await Reading.OpenAsync(group.Reader, group.Link, null, Never));
        Assert.Equal(Reception, person.Address);
        Assert.Null(await _portal.Get<LinkContents>().BodyAsync(group.Reader, group.Link, Never));
        Assert.Null(await _portal.Get<LinkContents>().MessageAsync(group.Reader, group.Link, Never));

        var anna = await OpenAsync(group, Anna);
        var ben = await OpenAsync(group, Ben);
        Assert.Contains("All is well.", (await _portal.Get<LinkContents>().BodyAsync(anna.Reader, anna.Link, Never))!.Html, StringComparison.Ordinal);
        await using (var file = (await _portal.Get<LinkContents>().MessageAsync(ben.Reader, ben.Link, Never))!)
        {
            Assert.True(file.Length > 0);
        }

        var links = (await _outside.LinksAsync(sent)).Links;
        Assert.Equal([Anna, Ben, Reception], links.Select(one => one.Address));
        Assert.Equal([group.Link, group.Link, null], links.Select(one => one.GroupId));
        Assert.Equal([1, 1, 2], links.Select(one => one.Openings));
        Assert.Equal([(ReaderProof.Code, 0)], links[0].History.Select(one => (one.Proof, one.Downloads)));
        Assert.Equal([(ReaderProof.Code, 1)], links[1].History.Select(one => (one.Proof, one.Downloads)));
        Assert.False(links[2].MayBeReminded);

        // What is one's own opens nothing of the other.
        Assert.IsType<LinkAccess.NotFound>(await Reading.ReadAsync(anna.Reader, ben.Link, Never));
        Assert.IsType<LinkAccess.NotFound>(await Reading.ReadAsync(anna.Reader, group.Link, Never));
        Assert.Single((await _portal.Get<ReaderAccount>().ReadAsync(anna.Reader, Never))!.Messages);
    }

    [Fact]
    public async Task Who_says_it_again_gets_the_same_link()
    {
        var group = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared }), Reception);
        var first = Assert.IsType<PersonNaming.Named>(await Groups.SayAsync(group.Reader, group.Link, Anna, Never));
        Assert.Equal(first, await Groups.SayAsync(group.Reader, group.Link, " ANNA@outside.test ", Never));

        // To know it is not to be her.
        var look = Assert.IsType<LinkLook.Open>(await _portal.Get<ReaderEntry>().LookAsync(first.Token, null, Never));
        Assert.StartsWith("a…a@", look.Masked, StringComparison.Ordinal);
        Assert.False(look.IsGroup);
        Assert.IsType<LinkAccess.NotFound>(await Reading.ReadAsync(group.Reader, look.Id, Never));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_says_it_several_times_at_once_gets_one_link(bool known)
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared });
        var group = await _outside.ProveAsync(sent, Reception);
        if (known)
        {
            await _outside.TokenAsync(await _portal.SendAsync(_alice, Mail.To(Anna, "Something else")), Anna);
        }

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Groups.SayAsync(group.Reader, group.Link, Anna, Never))));
        Assert.Single(all.Distinct());
        Assert.IsType<PersonNaming.Named>(all[0]);
        Assert.Equal(2, (await _outside.LinksAsync(sent)).Links.Count);
    }

    [Theory]
    [InlineData(Reception)]
    [InlineData("RECEPTION@outside.test")]
    [InlineData("reception+anna@outside.test")]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b@outside.test")]
    public async Task A_group_is_nobody(string typed)
    {
        var group = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared }), Reception);
        Assert.IsType<PersonNaming.NoAddress>(await Groups.SayAsync(group.Reader, group.Link, typed, Never));
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal(1, await db.Readers.CountAsync(Never));
    }

    [Fact]
    public async Task People_of_another_domain_are_let_in_only_where_readers_may_bring_in_anybody()
    {
        var group = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared }), Reception);
        foreach (var stranger in (string[])["eve@elsewhere.test", "eve@evil-outside.test", "eve@outside.test.evil.test"])
        {
            Assert.Equal(new PersonNaming.OtherDomain("outside.test"), await Groups.SayAsync(group.Reader, group.Link, stranger, Never));
        }

        var policies = _portal.Get<OrganisationPolicies>();
        var policy = await policies.ReadAsync(_alice.Account.Organisation, Never);
        await policies.ChangeAsync(_alice.Account, policy with { Readers = policy.Readers with { Reach = ReaderReach.Anybody } }, Never);
        Assert.IsType<PersonNaming.Named>(await Groups.SayAsync(group.Reader, group.Link, "eve@elsewhere.test", Never));
    }

    [Fact]
    public async Task Who_is_no_member_of_it_says_nothing()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To($"{Reception}, {Ben}", "The findings") with { Links = Shared });
        var group = await _outside.ProveAsync(sent, Reception);
        var ben = await _outside.ProveAsync(sent, Ben);
        Assert.IsType<PersonNaming.Closed>(await Groups.SayAsync(ben.Reader, group.Link, Ben, Never));
        Assert.IsType<PersonNaming.Closed>(await Groups.SayAsync(ben.Reader, ben.Link, Anna, Never));

        // Who was written to by name too has one link and not two.
        var token = Assert.IsType<PersonNaming.Named>(await Groups.SayAsync(group.Reader, group.Link, Ben, Never)).Token;
        Assert.Equal(ben.Link, Assert.IsType<LinkLook.Open>(await _portal.Get<ReaderEntry>().LookAsync(token, null, Never)).Id);
    }

    [Fact]
    public async Task What_opens_once_opens_once_for_each_and_what_is_taken_back_for_nobody()
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared with { OpensOnce = true } });
        var group = await _outside.ProveAsync(sent, Reception);
        var anna = await OpenAsync(group, Anna);
        var ben = await OpenAsync(group, Ben);
        var token = Assert.IsType<PersonNaming.Named>(await Groups.SayAsync(group.Reader, group.Link, Anna, Never)).Token;
        Assert.IsType<LinkLook.Spent>(await _portal.Get<ReaderEntry>().LookAsync(token, null, Never));

        await _portal.Get<LinkControl>().RecallAsync(_alice.Account, sent, wholeConversation: false, Never);
        Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(anna.Reader, anna.Link, Never));
        Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(ben.Reader, ben.Link, Never));
        Assert.IsType<LinkAccess.Recalled>(await Reading.ReadAsync(group.Reader, group.Link, Never));
        Assert.IsType<PersonNaming.Closed>(await Groups.SayAsync(group.Reader, group.Link, "cora@outside.test", Never));
    }

    [Fact]
    public async Task A_phrase_is_asked_of_each()
    {
        var group = await _outside.ProveAsync(await _portal.SendAsync(_alice, Mail.To(Reception, "The findings") with { Links = Shared with { PassPhrase = "Two Ravens" } }), Reception);
        var anna = await ProveAsync(group, Anna);
        Assert.IsType<LinkAccess.NotOpened>(await Reading.OpenAsync(anna.Reader, anna.Link, "Two Crows", Never));
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(anna.Reader, anna.Link, "Two Ravens", Never));
    }

    private async Task<CodeEntry.Proved> OpenAsync(CodeEntry.Proved group, string address)
    {
        var person = await ProveAsync(group, address);
        Assert.IsType<LinkAccess.Granted>(await Reading.OpenAsync(person.Reader, person.Link, null, Never));
        return person;
    }

    private async Task<CodeEntry.Proved> ProveAsync(CodeEntry.Proved group, string address)
    {
        var token = Assert.IsType<PersonNaming.Named>(await Groups.SayAsync(group.Reader, group.Link, address, Never)).Token;
        await _portal.Get<ReaderEntry>().SendCodeAsync(token, Never);
        return Assert.IsType<CodeEntry.Proved>(await _outside.EnterAsync(token, await _outside.CodeAsync(address)));
    }
}

public sealed class PostgresGroupReadingTests(PostgresFixture postgres) : GroupReadingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteGroupReadingTests(SqliteFixture sqlite) : GroupReadingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
