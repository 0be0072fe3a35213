using System.Text;
using System.Text.Json;
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
    [InlineData("update audit_entries set actor = 'portal:nobody' where sequence = 3", 3, AuditFault.Altered)]
    [InlineData("update audit_entries set actor = 'portal:tesT' where sequence = 3", 3, AuditFault.Altered)]
    [InlineData("update audit_entries set action = 'keyUsed' where sequence = 2", 2, AuditFault.Altered)]
    [InlineData("update audit_entries set action = 'NeverHeardOf' where sequence = 2", 2, AuditFault.Altered)]
    [InlineData("update audit_entries set subject = null where sequence = 4", 4, AuditFault.Altered)]
    [InlineData("update audit_entries set subject = organisation_id where sequence = 4", 4, AuditFault.Altered)]
    [InlineData("update audit_entries set detail = '{\"purpose\":\"None\"}' where sequence = 1", 1, AuditFault.Altered)]
    [InlineData("update audit_entries set at_microseconds = at_microseconds + 1 where sequence = 5", 5, AuditFault.Altered)]
    [InlineData("update audit_entries set at_microseconds = 9223372036854775807 where sequence = 5", 5, AuditFault.Altered)]
    [InlineData("update audit_entries set previous_hash = hash where sequence = 2", 2, AuditFault.Altered)]
    [InlineData("update audit_entries set hash = previous_hash where sequence = 2", 2, AuditFault.Altered)]
    [InlineData("delete from audit_entries where sequence = 1", 1, AuditFault.Missing)]
    [InlineData("delete from audit_entries where sequence = 2", 2, AuditFault.Missing)]
    [InlineData("delete from audit_entries where sequence = 5", 5, AuditFault.Missing)]
    [InlineData("update audit_entries set sequence = 6 where sequence = 5", 5, AuditFault.Missing)]
    [InlineData("update audit_entries set sequence = 9 where sequence = 2; update audit_entries set sequence = 2 where sequence = 3; update audit_entries set sequence = 3 where sequence = 9", 2, AuditFault.Altered)]
    [InlineData("insert into audit_entries select organisation_id, -1, at_microseconds, actor, action, subject, detail, previous_hash, hash from (select * from audit_entries where sequence = 1) as one", -1, AuditFault.Inserted)]
    [InlineData("update audit_chains set last_sequence = 4", 5, AuditFault.Inserted)]
    [InlineData("update audit_chains set last_sequence = 7", 6, AuditFault.Missing)]
    [InlineData("update audit_chains set last_hash = (select hash from audit_entries where sequence = 4)", 5, AuditFault.EndAltered)]
    public async Task What_was_altered_is_named_by_the_first_bad_row(string alteration, long first, AuditFault fault)
    {
        await AppendAsync(5);
        Assert.Equal(new AuditChainState.Intact(5), await VerifyAsync());

        await Db.TamperAsync(alteration.Replace("insert into audit_entries select", $"insert into audit_entries ({Columns}) select", StringComparison.Ordinal));

        Assert.Equal(new AuditChainState.Broken(first, fault), await VerifyAsync());
    }

    [Fact]
    public async Task An_entry_that_fits_but_was_put_in_later_is_named()
    {
        await AppendAsync(5);

        await ForgeAsync(await ChainAsync());

        Assert.Equal(new AuditChainState.Broken(6, AuditFault.Inserted), await VerifyAsync());
    }

    [Fact]
    public async Task An_entry_that_replaces_another_and_fits_the_one_before_unlinks_the_one_after()
    {
        await AppendAsync(5);
        var end = await ChainAsync();
        await Db.TamperAsync("delete from audit_entries where sequence = 3");
        await using (var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None))
        {
            var second = await db.AuditEntries.SingleAsync(one => one.Sequence == 2);
            typeof(AuditChain).GetProperty(nameof(AuditChain.LastSequence))!.SetValue(end, 2);
            typeof(AuditChain).GetProperty(nameof(AuditChain.LastHash))!.SetValue(end, second.Hash);
        }

        await ForgeAsync(end);

        Assert.Equal(new AuditChainState.Broken(4, AuditFault.Unlinked), await VerifyAsync());
    }

    [Fact]
    public async Task A_chain_that_grows_while_it_is_verified_is_intact()
    {
        await AppendAsync(50);
        var growing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await AppendAsync(1);
            }
        });

        do
        {
            Assert.IsType<AuditChainState.Intact>(await VerifyAsync());
        }
        while (!growing.IsCompleted);
        await growing;
    }

    [Fact]
    public async Task What_was_known_outside_is_held_against_the_chain()
    {
        await AppendAsync(5);
        var genuine = new ChainMark(5, (await ChainAsync()).LastHash);
        Assert.Equal(new AuditChainState.Intact(5), await VerifyAsync(new ChainMark(0, new byte[32]), genuine));
        Assert.Equal(new AuditChainState.Broken(6, AuditFault.Truncated), await VerifyAsync(new ChainMark(7, new byte[32])));
        Assert.Equal(new AuditChainState.Broken(3, AuditFault.Rewritten), await VerifyAsync(new ChainMark(3, new byte[32]), genuine));
    }

    [Fact]
    public async Task An_export_carries_what_is_needed_to_verify_it_elsewhere()
    {
        await AppendAsync(3);
        using var target = new MemoryStream();

        var count = await new AuditExport(Db.Database).WriteAsync(new Actor.Portal(_organisation, "test"), null, null, target, CancellationToken.None);

        var lines = Encoding.UTF8.GetString(target.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal((4L, 4), (count, lines.Count));
        Assert.Equal("AuditExported", lines[3].GetProperty("action").GetString());
        var previous = new byte[32];
        foreach (var line in lines)
        {
            string Text(string name) => line.GetProperty(name).GetString()!;
            Assert.Equal(Convert.ToHexStringLower(previous), Text("previousHash"));
            previous = AuditHash.Of(
                _organisation, line.GetProperty("sequence").GetInt64(), line.GetProperty("atMicroseconds").GetInt64(), Text("actor"), Text("action"), Text("subject"), Text("detail"), previous);
            Assert.Equal(Convert.ToHexStringLower(previous), Text("hash"));
        }
    }

    [Fact]
    public async Task An_export_keeps_to_its_time()
    {
        await AppendAsync(3);
        await Db.TamperAsync("update audit_entries set at_microseconds = sequence * 1000000");
        using var target = new MemoryStream();

        var count = await new AuditExport(Db.Database).WriteAsync(
            new Actor.Portal(_organisation, "test"), DateTimeOffset.FromUnixTimeSeconds(2), DateTimeOffset.FromUnixTimeSeconds(3), target, CancellationToken.None);

        Assert.Equal(1, count);
        Assert.Contains("\"at\":\"1970-01-01T00:00:02.000000Z\"", Encoding.UTF8.GetString(target.ToArray()), StringComparison.Ordinal);
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

    private async Task<AuditChain> ChainAsync()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        return await db.AuditChains.SingleAsync(one => one.OrganisationId == _organisation);
    }

    /// <summary>As somebody does who knows how hashes are made, and has the application's own rights.</summary>
    private async Task ForgeAsync(AuditChain end)
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        db.AuditEntries.Add(new AuditEntry(end, Event(), TimeProvider.System.GetUtcNow()));
        await db.SaveChangesAsync();
        await db.Database.CommitTransactionAsync();
    }

    private const string Columns = "organisation_id, sequence, at_microseconds, actor, action, subject, detail, previous_hash, hash";

    private Task<AuditChainState> VerifyAsync(params ChainMark[] marks) =>
        new AuditVerification(Db.Database).VerifyAsync(_organisation, marks, CancellationToken.None);
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
