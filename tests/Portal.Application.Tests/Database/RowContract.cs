using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Accounts;
using Portal.Application.AtRest;
using Portal.Application.Organisations;

namespace Portal.Application.Tests.Database;

/// <summary>What rows keep, and what they refuse, wherever they are stored.</summary>
public abstract class RowContract : DatabaseTest
{
    private OrganisationId _organisation;

    private protected override async Task PrepareAsync() => _organisation = await Db.AddOrganisationAsync();

    [Fact]
    public async Task A_row_of_every_kind_can_be_kept()
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        var rows = SampleRows.Owned(db.Model)
            .Where(type => type.ClrType != typeof(Organisation) && type.ClrType != typeof(Portal.Application.Audit.AuditChain))
            .Aggregate(
                new Dictionary<Microsoft.EntityFrameworkCore.Metadata.IEntityType, object>(),
                (made, type) =>
                {
                    made[type] = SampleRows.Add(db, type, _organisation, made);
                    return made;
                });

        await db.CommitAsync(CancellationToken.None);

        Assert.All(rows.Values, row => Assert.Equal(EntityState.Unchanged, db.Entry(row).State));
        Assert.True(rows.Count > 15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(123_456)]
    [InlineData(999_999)]
    public async Task An_instant_is_kept_to_the_microsecond(int microseconds)
    {
        var instant = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(2)).AddMicroseconds(microseconds).AddTicks(7);
        var account = await AddAccountAsync(Roles.User, instant);

        var stored = await FindAsync(account.Id);

        Assert.Equal(instant.AddTicks(-7), stored.CreatedAt);
        Assert.Equal(TimeSpan.Zero, stored.CreatedAt.Offset);
    }

    [Fact]
    public async Task Instants_are_compared_as_instants()
    {
        var noon = new DateTimeOffset(2026, 2, 28, 12, 0, 0, TimeSpan.Zero);
        foreach (var microseconds in (int[])[500_000, 0, 49, 50, 5])
        {
            await AddAccountAsync(Roles.User, noon.AddMicroseconds(microseconds));
        }

        await using var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        var bound = noon.AddMicroseconds(49).ToOffset(TimeSpan.FromHours(-5));
        var later = await db.Accounts.Where(one => one.CreatedAt >= bound).OrderByDescending(one => one.CreatedAt).Select(one => one.CreatedAt).ToListAsync();

        Assert.Equal([noon.AddMicroseconds(500_000), noon.AddMicroseconds(50), noon.AddMicroseconds(49)], later);
    }

    [Fact]
    public async Task A_person_may_have_every_role_at_once()
    {
        const Roles every = Roles.User | Roles.Administrator | Roles.CertificateManager | Roles.Auditor;
        var account = await AddAccountAsync(every, DateTimeOffset.UnixEpoch);

        Assert.Equal(every, (await FindAsync(account.Id)).Roles);
    }

    [Fact]
    public async Task Whoever_saves_an_account_second_is_told()
    {
        var account = await AddAccountAsync(Roles.User, DateTimeOffset.UnixEpoch);
        Account second;
        await using (var reading = await Db.Database.ReadAsync(_organisation, CancellationToken.None))
        {
            second = await reading.Accounts.SingleAsync(one => one.Id == account.Id);
        }

        await ChangeAsync(account.Id);
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        db.Accounts.Attach(second);
        second.Disable();

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.CommitAsync(CancellationToken.None));
        Assert.Equal((1L, false), ((await FindAsync(account.Id)).Version, (await FindAsync(account.Id)).Disabled));
    }

    [Fact]
    public async Task A_row_of_an_organisation_that_is_not_there_is_refused()
    {
        var unknown = OrganisationId.New();
        await using var db = await Db.Database.WriteAsync(unknown, CancellationToken.None);
        db.Accounts.Add(new Account(unknown, "a@example.test", "A", Roles.User, DateTimeOffset.UnixEpoch));

        await Assert.ThrowsAsync<DbUpdateException>(() => db.CommitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_blobs_pieces_go_with_it_and_no_message_is_left_without_its_bytes()
    {
        var mailbox = await Db.AddMailboxAsync(_organisation, "a@example.test");
        var blob = new Blob(BlobId.New(), _organisation, mailbox.Id, [1], length: null, DateTimeOffset.UnixEpoch);
        await using (var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None))
        {
            db.Blobs.Add(blob);
            db.BlobPieces.Add(new BlobPiece(_organisation, blob.Id, 0, [1]));
            db.OutboxMessages.Add(new Portal.Application.Outbox.OutboxMessage(
                _organisation, mailbox.Id, null, blob.Id, new byte[32], notice: false, DateTimeOffset.UnixEpoch));
            await db.CommitAsync(CancellationToken.None);
        }

        await using (var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None))
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Blobs.ExecuteDeleteAsync());
        }

        await using var write = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        await write.OutboxMessages.ExecuteDeleteAsync();
        await write.Blobs.ExecuteDeleteAsync();
        Assert.Equal(0, await write.BlobPieces.CountAsync());
    }

    [Fact]
    public async Task People_and_mailboxes_are_found_before_the_organisation_is_known()
    {
        var mailbox = await Db.AddMailboxAsync(_organisation, "found@example.test");

        Assert.Equal(new AccountPlace(_organisation, mailbox.OwnerId), await Db.Directory.FindAccountAsync("found@example.test", CancellationToken.None));
        Assert.Equal(new MailboxPlace(_organisation, mailbox.Id), await Db.Directory.FindMailboxAsync("found@example.test", _organisation, CancellationToken.None));
        Assert.Equal(_organisation, await Db.Directory.FindOrganisationAsync(mailbox.OwnerId, CancellationToken.None));
        Assert.Equal([_organisation], await Db.Directory.ListOrganisationsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_is_not_there_is_not_found()
    {
        Assert.Null(await Db.Directory.FindAccountAsync("nobody@example.test", CancellationToken.None));
        Assert.Null(await Db.Directory.FindMailboxAsync("nobody@example.test", _organisation, CancellationToken.None));
        Assert.Null(await Db.Directory.FindOrganisationAsync(AccountId.New(), CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_committed_did_not_happen()
    {
        await using (var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None))
        {
            db.Accounts.Add(new Account(_organisation, "a@example.test", "A", Roles.User, DateTimeOffset.UnixEpoch));
            await db.SaveChangesAsync();
        }

        await using var read = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        Assert.Equal(0, await read.Accounts.CountAsync());
    }

    [Fact]
    public async Task Whoever_reads_does_not_wait_for_whoever_writes()
    {
        await using var writing = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        writing.Accounts.Add(new Account(_organisation, "a@example.test", "A", Roles.User, DateTimeOffset.UnixEpoch));
        await writing.SaveChangesAsync();

        await using var reading = await Db.Database.ReadAsync(_organisation, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(0, await reading.Accounts.CountAsync());
    }

    private async Task<Account> AddAccountAsync(Roles roles, DateTimeOffset at)
    {
        var account = new Account(_organisation, $"{Guid.NewGuid():N}@example.test", "Somebody", roles, at);
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        db.Accounts.Add(account);
        await db.CommitAsync(CancellationToken.None);
        return account;
    }

    private async Task<Account> FindAsync(AccountId id)
    {
        await using var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        return await db.Accounts.SingleAsync(one => one.Id == id);
    }

    private async Task ChangeAsync(AccountId id)
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        (await db.Accounts.SingleAsync(one => one.Id == id)).Call("Another Name");
        await db.CommitAsync(CancellationToken.None);
    }
}

public sealed class PostgresRowTests(PostgresFixture postgres) : RowContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteRowTests(SqliteFixture sqlite) : RowContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    [Fact]
    public async Task A_second_organisation_is_refused_in_words()
    {
        var refusal = await Assert.ThrowsAsync<DbUpdateException>(() => Db.AddOrganisationAsync("Another"));

        Assert.Contains("one organisation", Assert.IsType<SqliteException>(refusal.InnerException).Message, StringComparison.Ordinal);
    }
}
