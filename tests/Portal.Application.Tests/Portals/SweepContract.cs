using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Sweeping;
using Portal.Application.Tests.Database;
using Portal.Application.Work;

namespace Portal.Application.Tests.Portals;

/// <summary>What goes by itself, and what stays.</summary>
public abstract class SweepContract(Clinic clinic)
{
    private static readonly TimeSpan Old = TimeSpan.FromDays(400);

    private OrganisationId Organisation => clinic.Organisation;

    private static DateTimeOffset LongAgo => TimeProvider.System.GetUtcNow() - Old;

    [Fact]
    public async Task Old_bytes_that_nothing_refers_to_go_and_all_others_stay()
    {
        var (orphan, young, received, sent) = (await BlobAsync(), await BlobAsync(), await BlobAsync(), await BlobAsync());
        await AddAsync(await MessageOfAsync(received));
        await AddAsync(Outgoing(sent, TimeProvider.System.GetUtcNow()));
        await AgeAsync(orphan, received, sent);

        await SweepAsync();

        Assert.Equal([young, received, sent], await StillThereAsync(orphan, young, received, sent));
        Assert.Equal(0, await ReadAsync(db => db.BlobPieces.CountAsync(one => one.BlobId == orphan)));
        Assert.Equal("text", await TextAsync(received));
    }

    [Fact]
    public async Task Bytes_whose_writer_was_killed_half_way_go_too()
    {
        var unfinished = new Blob(BlobId.New(), Organisation, clinic.Alice.Mailbox, [1], length: null, LongAgo);
        await AddAsync(unfinished, new BlobPiece(Organisation, unfinished.Id, 0, [1, 2, 3]));

        await SweepAsync();

        Assert.Empty(await StillThereAsync(unfinished.Id));
    }

    [Fact]
    public async Task More_than_one_batch_goes_in_one_run()
    {
        var blobs = Enumerable.Range(0, (Removals.Batch * 5) + 10)
            .Select(index => new Blob(BlobId.New(), Organisation, clinic.Alice.Mailbox, [1], length: null, LongAgo.AddSeconds(index / 7)))
            .ToArray();
        var links = Enumerable.Range(0, Removals.Batch + 10).Select(_ => Link(LongAgo)).ToArray();
        await AddAsync([.. blobs, .. links]);

        await SweepAsync();

        Assert.Empty(await StillThereAsync(blobs.Select(one => one.Id).ToArray()));
        var ids = links.Select(one => one.Id).ToList();
        Assert.Equal(0, await ReadAsync(db => db.OneTimeLinks.CountAsync(one => ids.Contains(one.Id))));
    }

    [Fact]
    public async Task Sessions_and_links_go_long_after_their_end_only()
    {
        var account = await ReadAsync(db => db.Accounts.SingleAsync(one => one.Id == clinic.Bob.Account.Account));
        var (old, live) = (Session(account, LongAgo), Session(account, TimeProvider.System.GetUtcNow()));
        var (stale, ended) = (Session(account, TimeProvider.System.GetUtcNow().AddDays(-30)), Session(account, TimeProvider.System.GetUtcNow()));
        var (expired, open) = (Link(LongAgo), Link(TimeProvider.System.GetUtcNow()));
        await AddAsync(old, live, stale, ended, expired, open);
        await using (var db = await clinic.Portal.Database.WriteAsync(Organisation, CancellationToken.None))
        {
            var before = (DateTimeOffset?)LongAgo;
            await db.AccountSessions.Where(one => one.Id == ended.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.EndedAt, before));
            await db.CommitAsync(CancellationToken.None);
        }

        await SweepAsync();

        SessionId[] sessions = [old.Id, live.Id, stale.Id, ended.Id];
        Assert.Equal([live.Id, stale.Id], (await ReadAsync(db => db.AccountSessions.Where(one => sessions.Contains(one.Id)).Select(one => one.Id).ToListAsync())).OrderBy(one => Array.IndexOf(sessions, one)));
        Assert.Equal([open.Id], await ReadAsync(db => db.OneTimeLinks.Where(one => one.Id == expired.Id || one.Id == open.Id).Select(one => one.Id).ToListAsync()));
    }

    [Theory]
    [InlineData(DeliveryState.Sent, true)]
    [InlineData(DeliveryState.Failed, true)]
    [InlineData(DeliveryState.Held, false)]
    [InlineData(DeliveryState.Postponed, false)]
    public async Task The_bytes_that_travelled_go_when_every_recipient_has_an_outcome(DeliveryState other, bool goes)
    {
        var blob = await BlobAsync();
        await AgeAsync(blob);
        var message = Outgoing(blob, LongAgo);
        var (first, second) = (new Delivery(DeliveryId.New(), Organisation, message.Id, [1], null, LongAgo), new Delivery(DeliveryId.New(), Organisation, message.Id, [1], null, LongAgo));
        first.Succeed(LongAgo, null);
        Reach(second, other);
        await AddAsync(message, first, second);

        await SweepAsync();

        Assert.Equal(goes ? [] : [blob], await StillThereAsync(blob));
        var after = await ReadAsync(db => db.OutboxMessages.SingleAsync(one => one.Id == message.Id));
        Assert.Equal(goes ? null : blob, after.ContentId);
        Assert.Equal(2, await ReadAsync(db => db.Deliveries.CountAsync(one => one.OutboxMessageId == message.Id)));
    }

    [Fact]
    public async Task What_went_is_one_audit_entry_and_nothing_is_none()
    {
        await SweepAsync();
        var before = await SweptAsync();
        await SweepAsync();
        Assert.Equal(before.Count, (await SweptAsync()).Count);

        await AddAsync(Link(LongAgo), new Blob(BlobId.New(), Organisation, clinic.Alice.Mailbox, [1], length: null, LongAgo));
        await SweepAsync();

        var detail = JsonDocument.Parse(Assert.Single((await SweptAsync()).Skip(before.Count)).Detail).RootElement;
        Assert.Equal(("1", "1"), (detail.GetProperty("blobs").GetString(), detail.GetProperty("links").GetString()));
        Assert.Equal(2, detail.EnumerateObject().Count());
    }

    [Fact]
    public async Task The_next_sweep_is_a_day_away_and_a_lost_lease_plans_nothing()
    {
        await SweepAsync();
        var row = await RowAsync();
        Assert.InRange(row.DueAt, TimeProvider.System.GetUtcNow().AddHours(23), TimeProvider.System.GetUtcNow().AddHours(25));

        var lost = new ClaimedWork(Organisation, row.Id, WorkKind.Sweep, Organisation.Value, row.Token - 1, 1, null);
        await Assert.ThrowsAsync<LeaseLostException>(() => Sweeper.HandleAsync(lost, CancellationToken.None));
        Assert.Equal(row.DueAt, (await RowAsync()).DueAt);
    }

    private protected SweepWork Sweeper => clinic.Portal.Get<IEnumerable<IWorkHandler>>().OfType<SweepWork>().Single();

    private protected async Task SweepAsync()
    {
        var row = await RowAsync();
        await Sweeper.HandleAsync(new ClaimedWork(Organisation, row.Id, WorkKind.Sweep, Organisation.Value, row.Token, 1, null), CancellationToken.None);
    }

    private protected async Task<BlobId> BlobAsync()
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes("text"));
        return (await clinic.Portal.Get<SealedBlobs>().WriteAsync(Organisation, clinic.Alice.Mailbox, text, long.MaxValue, CancellationToken.None)).Id;
    }

    private protected async Task AgeAsync(params BlobId[] blobs)
    {
        await using var db = await clinic.Portal.Database.WriteAsync(Organisation, CancellationToken.None);
        var (ids, then) = (blobs.ToList(), LongAgo);
        await db.Blobs.Where(one => ids.Contains(one.Id)).ExecuteUpdateAsync(set => set.SetProperty(one => one.CreatedAt, then));
        await db.CommitAsync(CancellationToken.None);
    }

    private protected async Task<StoredMessage> MessageOfAsync(BlobId blob)
    {
        var archive = await ReadAsync(db => db.Folders.Where(one => one.MailboxId == clinic.Alice.Mailbox && one.Kind == FolderKind.Trash).Select(one => one.Id).SingleAsync());
        return new StoredMessage(Organisation, clinic.Alice.Mailbox, archive, blob, 4, LongAgo);
    }

    private protected async Task<List<BlobId>> StillThereAsync(params BlobId[] blobs)
    {
        var ids = blobs.ToList();
        var found = await ReadAsync(db => db.Blobs.Where(one => ids.Contains(one.Id)).Select(one => one.Id).ToListAsync());
        return [.. found.OrderBy(ids.IndexOf)];
    }

    private static AccountSession Session(Account account, DateTimeOffset began) => new(account, new SessionOrigin("Test", "127.0.0.1"), false, began);

    private OneTimeLink Link(DateTimeOffset made) => OneTimeLink.ToJoin(
        Organisation, "new@example.test", "New", Roles.User, Guid.NewGuid().ToByteArray(), made, made.AddDays(7));

    private OutboxMessage Outgoing(BlobId content, DateTimeOffset made) => new(Organisation, clinic.Alice.Mailbox, null, content, new byte[32], notice: false, made);

    private static void Reach(Delivery delivery, DeliveryState state)
    {
        switch (state)
        {
            case DeliveryState.Sent:
                delivery.Succeed(LongAgo, null);
                break;
            case DeliveryState.Failed:
                delivery.Fail(LongAgo, null, DeliveryFailure.Refused);
                break;
            case DeliveryState.Held:
                delivery.Hold(LongAgo);
                break;
            default:
                delivery.Postpone(LongAgo, LongAgo, null, DeliveryFailure.Deferred);
                break;
        }
    }

    private async Task AddAsync(params object[] rows)
    {
        await using var db = await clinic.Portal.Database.WriteAsync(Organisation, CancellationToken.None);
        db.AddRange(rows);
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task<string> TextAsync(BlobId blob)
    {
        await using var stream = await clinic.Portal.Get<SealedBlobs>().OpenAsync(Organisation, blob, CancellationToken.None);
        return Encoding.UTF8.GetString(await stream.ReadAllAsync());
    }

    private Task<WorkItem> RowAsync() => ReadAsync(db => db.WorkItems.SingleAsync(one => one.OrganisationId == Organisation && one.Kind == WorkKind.Sweep));

    private Task<List<AuditEntry>> SweptAsync() => ReadAsync(db => db.AuditEntries
        .Where(one => one.OrganisationId == Organisation && one.Action == AuditAction.Swept)
        .OrderBy(one => one.Sequence)
        .ToListAsync());

    private async Task<T> ReadAsync<T>(Func<PortalDbContext, Task<T>> read)
    {
        await using var db = await clinic.Portal.Database.ReadAsync(Organisation, CancellationToken.None);
        return await read(db);
    }
}

public sealed class SqliteSweepTests(SqliteClinic clinic) : SweepContract(clinic);

public sealed class PostgresSweepTests(PostgresClinic clinic) : SweepContract(clinic)
{
    private readonly PostgresClinic _clinic = clinic;

    [Fact]
    public async Task Bytes_that_a_transaction_in_flight_is_about_to_refer_to_stay_however_old_they_are()
    {
        var blob = await BlobAsync();
        await AgeAsync(blob);
        var message = await MessageOfAsync(blob);
        await using (var db = await _clinic.Portal.Database.WriteAsync(_clinic.Organisation, CancellationToken.None))
        {
            db.Messages.Add(message);
            await db.SaveChangesAsync();
            var sweep = SweepAsync();
            await LockWaits.UntilOneWaitsAsync(_clinic.Portal.Database, _clinic.Organisation);
            Assert.False(sweep.IsCompleted);
            await db.CommitAsync(CancellationToken.None);
            Assert.Contains("foreign key", (await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => sweep)).Message, StringComparison.Ordinal);
        }

        await SweepAsync();
        Assert.Equal([blob], await StillThereAsync(blob));
    }
}
