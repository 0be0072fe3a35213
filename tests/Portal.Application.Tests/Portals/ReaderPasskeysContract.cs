using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Portal.Application.Audit;
using Portal.Application.SecureLinks;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Readers who come by a passkey, and whoever pretends to have theirs.</summary>
public abstract class ReaderPasskeysContract : DatabaseTest
{
    private const string Carol = "carol@outside.test";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Uri Here = new("https://mail.example.test");
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideReaders _outside = null!;

    private ReaderPasskeys Passkeys => _portal.Get<ReaderPasskeys>();

    private PasskeyEntry Entry => _portal.Get<PasskeyEntry>();

    private protected override async Task PrepareAsync()
    {
        _portal = await TestPortal.StartAsync(Db, OutsideReaders.PublicAddress);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
        _outside = new OutsideReaders(_portal, _alice);
    }

    private protected override ValueTask EndAsync() => _portal?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_passkey_that_was_added_in_an_earlier_visit_shows_who_they_are()
    {
        var (carol, token) = await VisitAsync(Carol);
        Assert.Equal((false, null), (await Entry.IsOfferedAsync(token, Here, Never), await Entry.AskAsync(token, Here, Never)));
        using var device = await AddAsync(carol);
        Assert.True(await Entry.IsOfferedAsync(token, Here, Never));
        var entered = (await EnterAsync(token, device))!;
        Assert.Equal((ReaderProof.Passkey, carol.Actor.Id), (entered.Reader.Proof, entered.Reader.Actor.Id));
        Assert.IsType<LinkAccess.Granted>(await _portal.Get<LinkReading>().OpenAsync(entered.Reader, entered.Link, null, Never));
        Assert.Equal(ReaderProof.Passkey, (await _portal.Get<ReaderSessions>().FindAsync(entered.Reader.Token, Never))!.Proof);
        var shown = Assert.Single(await Passkeys.ListAsync(carol, Never));
        Assert.Equal(("My phone", "mail.example.test", true), (shown.Name, shown.Host, shown.UsedAt >= shown.CreatedAt));
        device.Count = 2;
        Assert.NotNull(await EnterAsync(token, device));
        Assert.Equal(1, await CountAsync(AuditAction.ReaderPasskeyAdded));

        await Passkeys.RemoveAsync(carol, "not one", Never);
        await Passkeys.RemoveAsync(carol, shown.Id, Never);
        Assert.Equal((false, 1), (await Entry.IsOfferedAsync(token, Here, Never), await CountAsync(AuditAction.ReaderPasskeyRemoved)));
    }

    /// <summary>As those are which are kept in several devices.</summary>
    [Fact]
    public async Task An_authenticator_that_does_not_count_is_taken_again()
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol, new SoftAuthenticator { Count = 0 });
        Assert.NotNull(await EnterAsync(token, device));
        Assert.NotNull(await EnterAsync(token, device));
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("another port")]
    [InlineData("a frame of another's page")]
    [InlineData("another host")]
    [InlineData("nobody asked who is there")]
    [InlineData("something else signed")]
    [InlineData("the same count again")]
    [InlineData("a lower count")]
    public async Task What_is_wrong_with_an_answer_is_refused(string what)
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol, new SoftAuthenticator { Count = 5 });
        var (origin, host) = (device.Origin, device.Host);
        device.Count = 6;
        switch (what)
        {
            case "another origin": device.Origin = "https://mail.example.test.evil.test"; break;
            case "another port": device.Origin = "https://mail.example.test:8443"; break;
            case "a frame of another's page": device.IsFramed = true; break;
            case "another host": device.Host = "evil.test"; break;
            case "nobody asked who is there": device.AsksWhoIsThere = false; break;
            case "something else signed": device.SignsSomethingElse = true; break;
            case "the same count again": device.Count = 4; break;
            default: device.Count = 3; break;
        }

        Assert.Equal((what, null), (what, await EnterAsync(token, device)));
        Assert.Equal(1, await CountAsync(AuditAction.ReaderPasskeyRefused));
        (device.Origin, device.Host, device.Count, device.AsksWhoIsThere, device.SignsSomethingElse, device.IsFramed) = (origin, host, 7, true, false, false);
        Assert.NotNull(await EnterAsync(token, device));
    }

    [Fact]
    public async Task A_passkey_of_somebody_else_or_of_nobody_is_refused()
    {
        var (carol, token) = await VisitAsync(Carol);
        var (dave, daves) = await VisitAsync("dave@outside.test");
        using var hers = await AddAsync(carol);
        using var his = await AddAsync(dave);
        using var stolen = new SoftAuthenticator { Id = hers.Id };
        using var unknown = new SoftAuthenticator();
        foreach (var one in (SoftAuthenticator[])[his, stolen, unknown])
        {
            Assert.Null(await EnterAsync(token, one));
        }

        // What he was asked answers nothing for her, also with her own passkey.
        hers.Count = 2;
        var asked = (await Entry.AskAsync(daves, Here, Never))!;
        Assert.Null(await EnterAsync(token, asked.State, hers.Use(asked.Options)));
        Assert.NotNull(await EnterAsync(token, hers));
        await Passkeys.RemoveAsync(carol, Assert.Single(await Passkeys.ListAsync(dave, Never)).Id, Never);
        Assert.Single(await Passkeys.ListAsync(dave, Never));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{},\"clientExtensionResults\":{}}")]
    [InlineData("{\"id\":\"%%\",\"rawId\":\"%%\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"AA\",\"authenticatorData\":\"AA\",\"signature\":\"AA\"},\"clientExtensionResults\":{}}")]
    public async Task What_is_no_answer_at_all_is_refused(string answer)
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol);
        Assert.Null(await EnterAsync(token, (await Entry.AskAsync(token, Here, Never))!.State, answer));
        Assert.Null(await EnterAsync(token, null, answer));
        Assert.False(await Passkeys.AddAsync(carol, (await Passkeys.AskAsync(carol, Here, Never))!.State, answer, "", Here, Never));
        Assert.NotNull(await EnterAsync(token, device));
    }

    [Fact]
    public async Task An_answer_counts_once_however_often_it_comes()
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol, new SoftAuthenticator { Count = 0 });
        var asked = (await Entry.AskAsync(token, Here, Never))!;
        var answer = device.Use(asked.Options);
        var entries = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => EnterAsync(token, asked.State, answer)));
        Assert.Single(entries, one => one is not null);
        Assert.Null(await EnterAsync(token, asked.State, answer));

        // A question that was answered wrongly is used up too.
        var (first, second) = ((await Entry.AskAsync(token, Here, Never))!, (await Entry.AskAsync(token, Here, Never))!);
        Assert.Null(await EnterAsync(token, first.State, device.Use(second.Options)));
        Assert.Null(await EnterAsync(token, first.State, device.Use(first.Options)));
        Assert.Null(await EnterAsync(token, second.State, device.Use(second.Options)));
        Assert.NotNull(await EnterAsync(token, device));
    }

    [Fact]
    public async Task A_question_is_answered_within_five_minutes()
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        var asked = (await node.Get<PasskeyEntry>().AskAsync(token, Here, Never))!;
        var added = (await node.Get<ReaderPasskeys>().AskAsync(carol, Here, Never))!;
        clock.Advance(TimeSpan.FromMinutes(5));
        using var another = new SoftAuthenticator();
        Assert.False(await node.Get<ReaderPasskeys>().AddAsync(carol, added.State, another.Create(added.Options), "", Here, Never));
        Assert.Null(await node.Get<PasskeyEntry>().EnterAsync(token, asked.State, device.Use(asked.Options), Here, OutsideReaders.Browser, Never));
        asked = (await node.Get<PasskeyEntry>().AskAsync(token, Here, Never))!;
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.NotNull(await node.Get<PasskeyEntry>().EnterAsync(token, asked.State, device.Use(asked.Options), Here, OutsideReaders.Browser, Never));
    }

    [Fact]
    public async Task Five_wrong_answers_are_enough_for_an_hour()
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol);
        using var wrong = new SoftAuthenticator { Id = device.Id };
        for (var tries = 0; tries < PasskeyEntry.MostTries; tries++)
        {
            Assert.Null(await EnterAsync(token, wrong));
        }

        Assert.Null(await EnterAsync(token, device));
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(61));
        await using var node = await _portal.AnotherNodeAsync(clock, OutsideReaders.PublicAddress);
        var asked = (await node.Get<PasskeyEntry>().AskAsync(token, Here, Never))!;
        Assert.NotNull(await node.Get<PasskeyEntry>().EnterAsync(token, asked.State, device.Use(asked.Options), Here, OutsideReaders.Browser, Never));
    }

    [Theory]
    [InlineData("https://post.example.test", true)]
    [InlineData("https://192.0.2.1", false)]
    [InlineData("http://mail.example.test", false)]
    [InlineData("https://[2001:db8::1]", false)]
    public async Task A_passkey_works_where_it_was_added_and_nowhere_else(string elsewhere, bool canBe)
    {
        var (carol, token) = await VisitAsync(Carol);
        using var device = await AddAsync(carol);
        var there = new Uri(elsewhere);
        Assert.Equal(canBe, ReaderPasskeys.CanBeAt(there));
        Assert.Equal(canBe, await Passkeys.AskAsync(carol, there, Never) is not null);
        Assert.Equal((false, null), (await Entry.IsOfferedAsync(token, there, Never), await Entry.AskAsync(token, there, Never)));
        var asked = (await Entry.AskAsync(token, Here, Never))!;
        (device.Origin, device.Host) = (elsewhere, there.Host);
        Assert.Null(await Entry.EnterAsync(token, asked.State, device.Use(asked.Options), there, OutsideReaders.Browser, Never));
    }

    [Fact]
    public async Task What_is_added_answers_what_was_asked_in_that_visit()
    {
        var (carol, token) = await VisitAsync(Carol);
        var (again, _) = await VisitAsync(Carol);
        using var device = new SoftAuthenticator();
        var asked = (await Passkeys.AskAsync(carol, Here, Never))!;
        Assert.False(await Passkeys.AddAsync(again, asked.State, device.Create(asked.Options), "", Here, Never));
        Assert.False(await Passkeys.AddAsync(carol, null, device.Create(asked.Options), "", Here, Never));
        Assert.True(await Passkeys.AddAsync(carol, asked.State, device.Create(asked.Options), " ", Here, Never));
        Assert.Equal("Passkey", Assert.Single(await Passkeys.ListAsync(carol, Never)).Name);
        Assert.False(await Passkeys.AddAsync(carol, asked.State, device.Create(asked.Options), "", Here, Never));
        asked = (await Passkeys.AskAsync(carol, Here, Never))!;
        Assert.False(await Passkeys.AddAsync(carol, asked.State, device.Create(asked.Options), "", Here, Never));

        using var careless = new SoftAuthenticator { AsksWhoIsThere = false };
        asked = (await Passkeys.AskAsync(carol, Here, Never))!;
        Assert.Null(await EnterAsync(token, asked.State, device.Use(asked.Options)));
        Assert.False(await Passkeys.AddAsync(carol, asked.State, careless.Create(asked.Options), "", Here, Never));
    }

    [Fact]
    public async Task Ten_are_the_most()
    {
        var (carol, _) = await VisitAsync(Carol);
        for (var count = 1; count < ReaderPasskeys.Most; count++)
        {
            (await AddAsync(carol)).Dispose();
        }

        var asked = (await Passkeys.AskAsync(carol, Here, Never))!;
        (await AddAsync(carol)).Dispose();
        using var eleventh = new SoftAuthenticator();
        Assert.Null(await Passkeys.AskAsync(carol, Here, Never));
        Assert.False(await Passkeys.AddAsync(carol, asked.State, eleventh.Create(asked.Options), "", Here, Never));
        Assert.Equal(ReaderPasskeys.Most, (await Passkeys.ListAsync(carol, Never)).Count);
    }

    [Fact]
    public async Task Who_ends_their_access_leaves_no_passkey()
    {
        var (carol, _) = await VisitAsync(Carol);
        var (dave, _) = await VisitAsync("dave@outside.test");
        (await AddAsync(carol)).Dispose();
        (await AddAsync(dave)).Dispose();
        await _portal.Get<ReaderAccount>().CloseAsync(carol, Never);
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        Assert.Equal(dave.Actor.Id, (await db.ReaderPasskeys.SingleAsync(Never)).ReaderId);
    }

    private async Task<(SignedInReader Reader, string Token)> VisitAsync(string address)
    {
        var sent = await _portal.SendAsync(_alice, Mail.To(address, "The findings"));
        var proved = await _outside.ProveAsync(sent, address);
        return (proved.Reader, await _outside.TokenAsync(sent, address));
    }

    private async Task<SoftAuthenticator> AddAsync(SignedInReader reader, SoftAuthenticator? device = null)
    {
        device ??= new SoftAuthenticator();
        var asked = (await Passkeys.AskAsync(reader, Here, Never))!;
        var count = device.Count;
        device.Count = count == 0 ? 0 : count - 1;
        Assert.True(await Passkeys.AddAsync(reader, asked.State, device.Create(asked.Options), "My phone", Here, Never));
        device.Count = count;
        return device;
    }

    private async Task<CodeEntry.Proved?> EnterAsync(string token, SoftAuthenticator device)
    {
        var asked = (await Entry.AskAsync(token, Here, Never))!;
        return await EnterAsync(token, asked.State, device.Use(asked.Options));
    }

    private Task<CodeEntry.Proved?> EnterAsync(string token, string? state, string answer) => Entry.EnterAsync(token, state, answer, Here, OutsideReaders.Browser, Never);

    private async Task<int> CountAsync(AuditAction action)
    {
        await using var db = await Db.Database.ReadAsync(_alice.Account.Organisation, Never);
        return await db.AuditEntries.CountAsync(one => one.Action == action, Never);
    }
}

public sealed class PostgresReaderPasskeysTests(PostgresFixture postgres) : ReaderPasskeysContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteReaderPasskeysTests(SqliteFixture sqlite) : ReaderPasskeysContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
