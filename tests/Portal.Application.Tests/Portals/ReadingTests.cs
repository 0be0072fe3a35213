using Portal.Application.AtRest;
using Portal.Application.Mailboxes;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>Long folders, in windows of 50.</summary>
public abstract class ReadingContract : IAsyncLifetime
{
    private const int Messages = 120;
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private FolderId _inbox;

    private protected abstract Task<TestDatabase> NewDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _database = await NewDatabaseAsync();
        _portal = await TestPortal.StartAsync(_database);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test");
        _inbox = (await _portal.FolderAsync(_alice, FolderKind.Inbox)).Id;
        using var content = new MemoryStream([1]);
        var raw = await _portal.Get<SealedBlobs>().WriteAsync(_alice.Account.Organisation, _alice.Mailbox, content, 1, CancellationToken.None);
        await using var db = await _portal.Database.WriteAsync(_alice.Account.Organisation, CancellationToken.None);
        for (var i = 0; i < Messages; i++)
        {
            // Four of a kind share their instant: the order among them has to be one all the same.
            db.Messages.Add(new StoredMessage(
                _alice.Account.Organisation, _alice.Mailbox, _inbox, raw.Id, 1, Noon.AddHours(i / 4)));
        }

        await db.CommitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Windows_downwards_show_every_message_once_newest_first()
    {
        var all = new List<MessageRow>();
        var window = await WindowAsync(new WindowStart.Newest());
        Assert.False(window.HasNewer);
        while (true)
        {
            all.AddRange(window.Rows);
            Assert.True(window.Rows.Count <= 50);
            if (!window.HasOlder)
            {
                break;
            }

            window = await WindowAsync(new WindowStart.OlderThan(Cursor(all[^1])));
        }

        Assert.Equal(Messages, all.Select(row => row.Id).Distinct().Count());
        Assert.Equal(all.Select(row => row.At).OrderDescending(), all.Select(row => row.At));
    }

    [Fact]
    public async Task Upwards_is_the_same_way_back()
    {
        var newest = await WindowAsync(new WindowStart.Newest());
        var second = await WindowAsync(new WindowStart.OlderThan(Cursor(newest.Rows[^1])));
        var back = await WindowAsync(new WindowStart.NewerThan(Cursor(second.Rows[0])));
        Assert.Equal(newest.Rows.Select(row => row.Id), back.Rows.Select(row => row.Id));
        Assert.Equal((true, false), (back.HasOlder, back.HasNewer));
    }

    [Fact]
    public async Task A_jump_leads_to_the_newest_message_that_is_not_after_it()
    {
        var window = await WindowAsync(new WindowStart.At(Noon.AddHours(10).AddMinutes(30)));
        Assert.Equal(Noon.AddHours(10), window.Rows[0].At);
        Assert.Equal((false, true), (window.HasOlder, window.HasNewer));
        Assert.Empty((await WindowAsync(new WindowStart.At(Noon.AddYears(-1)))).Rows);
    }

    [Fact]
    public async Task Moving_says_where_it_was_and_can_be_undone()
    {
        var row = (await WindowAsync(new WindowStart.Newest())).Rows[7];
        var reading = _portal.Get<MailboxReading>();
        Assert.Equal(FolderKind.Inbox, await reading.MoveAsync(_alice.Account, row.Id, FolderKind.Trash, CancellationToken.None));
        Assert.Equal(Messages - 1, (await _portal.FolderAsync(_alice, FolderKind.Inbox)).Total);
        Assert.Equal(FolderKind.Trash, await reading.MoveAsync(_alice.Account, row.Id, FolderKind.Inbox, CancellationToken.None));
        Assert.Equal(row.Id, (await WindowAsync(new WindowStart.Newest())).Rows[7].Id);
    }

    [Fact]
    public async Task Marking_many_counts()
    {
        var rows = (await WindowAsync(new WindowStart.Newest())).Rows;
        await _portal.Get<MailboxReading>().MarkAsync(_alice.Account, rows.Select(row => row.Id).ToList(), read: true, CancellationToken.None);
        Assert.Equal(Messages - 50, (await _portal.FolderAsync(_alice, FolderKind.Inbox)).Unread);
    }

    private Task<MessageWindow> WindowAsync(WindowStart start) =>
        _portal.Get<MailboxReading>().WindowAsync(_alice.Account, _inbox, start, CancellationToken.None);

    private static MessageCursor Cursor(MessageRow row) => new(row.At, row.Id);
}

public sealed class ReadingOnPostgresTests(PostgresFixture server) : ReadingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => server.NewAsync();
}

public sealed class ReadingOnSqliteTests(SqliteFixture files) : ReadingContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => files.NewAsync();
}
