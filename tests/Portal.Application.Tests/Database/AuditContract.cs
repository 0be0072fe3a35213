using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;

namespace Portal.Application.Tests.Database;

public abstract class AuditContract : DatabaseTest
{
    private OrganisationId _organisation;

    private protected override async Task PrepareAsync() => _organisation = await Db.AddOrganisationAsync();

    [Fact]
    public async Task An_empty_chain_is_intact() =>
        Assert.Equal(new AuditChainState.Intact(0), await VerifyAsync());

    [Fact]
    public async Task Entries_appended_by_many_at_once_have_no_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AppendAsync(2))));

        Assert.Equal(new AuditChainState.Intact(40), await VerifyAsync());
    }

    [Fact]
    public async Task An_entry_and_what_it_tells_of_are_saved_together_or_not_at_all()
    {
        await using (var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None))
        {
            db.Record(Event());
            await db.SaveChangesAsync();
        }

        Assert.Equal(new AuditChainState.Intact(0), await VerifyAsync());
    }

    [Fact]
    public async Task A_chain_that_was_read_before_the_lock_is_read_again()
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        db.Record(Event());
        var early = await db.AuditChains.AsTracking().SingleAsync(one => one.OrganisationId == _organisation);
        Assert.Equal(0, early.LastSequence);
        await BesidesAsync(() => AppendAsync(3));

        await db.CommitAsync(CancellationToken.None);

        Assert.IsType<AuditChainState.Intact>(await VerifyAsync());
    }

    [Theory]
    [InlineData("update audit_entries set actor = 'portal:nobody' where sequence = 3", 3)]
    [InlineData("update audit_entries set detail = '{\"purpose\":\"None\"}' where sequence = 1", 1)]
    [InlineData("update audit_entries set at_microseconds = at_microseconds + 1 where sequence = 5", 5)]
    [InlineData("delete from audit_entries where sequence = 2", 2)]
    [InlineData("delete from audit_entries where sequence = 5", 5)]
    [InlineData("update audit_entries set sequence = 6 where sequence = 5", 5)]
    [InlineData("update audit_chains set last_sequence = 4", 6)]
    public async Task What_was_altered_is_found(string alteration, long firstBroken)
    {
        await AppendAsync(5);
        Assert.Equal(new AuditChainState.Intact(5), await VerifyAsync());

        await Db.TamperAsync(alteration);

        Assert.Equal(new AuditChainState.Broken(firstBroken), await VerifyAsync());
    }

    [Fact]
    public async Task The_application_itself_can_neither_change_nor_delete_an_entry()
    {
        await AppendAsync(1);
        foreach (var statement in (string[])["update audit_entries set actor = 'x'", "delete from audit_entries"])
        {
            await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(statement));
        }

        Assert.Equal(new AuditChainState.Intact(1), await VerifyAsync());
    }

    [Fact]
    public async Task Nothing_is_done_that_cannot_be_recorded()
    {
        var unknown = OrganisationId.New();
        await using var db = await Db.Database.WriteAsync(unknown, CancellationToken.None);
        db.Record(new AuditEvent(new Actor.Portal(unknown, "test"), AuditAction.SetUp));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => db.CommitAsync(CancellationToken.None));

        Assert.Contains("no audit chain", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What another node does at the same moment; where one writer excludes all others, nothing.</summary>
    private protected virtual Task BesidesAsync(Func<Task> work) => work();

    private AuditEvent Event() => new(new Actor.Portal(_organisation, "test"), AuditAction.KeyUsed, Guid.NewGuid());

    private async Task AppendAsync(int entries)
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        for (var i = 0; i < entries; i++)
        {
            db.Record(Event());
        }

        await db.CommitAsync(CancellationToken.None);
    }

    private Task<AuditChainState> VerifyAsync() => new AuditVerification(Db.Database).VerifyAsync(_organisation, CancellationToken.None);
}

public sealed class PostgresAuditTests(PostgresFixture postgres) : AuditContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteAuditTests(SqliteFixture sqlite) : AuditContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    private protected override Task BesidesAsync(Func<Task> work) => Task.CompletedTask;
}
