using Microsoft.EntityFrameworkCore;
using Portal.Application.Work;

namespace Portal.Application.Tests.Database;

public abstract class WorkClaimsContract : DatabaseTest
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private OrganisationId _organisation;

    private protected override async Task PrepareAsync() => _organisation = await Db.AddOrganisationAsync();

    [Fact]
    public async Task Claimers_at_the_same_moment_never_get_the_same_item()
    {
        await EnqueueAsync(60, DateTimeOffset.UnixEpoch);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ClaimAllAsync(4))));

        var all = claims.SelectMany(one => one).ToList();
        Assert.Equal(60, all.Count);
        Assert.Equal(60, all.Select(one => one.Id).Distinct().Count());
        Assert.All(all, one => Assert.Equal((1L, 1), (one.Token, one.Attempts)));
    }

    [Fact]
    public async Task What_is_due_first_is_claimed_first_and_no_more_than_asked_for()
    {
        var second = await EnqueueAsync(1, DateTimeOffset.UnixEpoch.AddDays(2));
        var third = await EnqueueAsync(1, DateTimeOffset.UnixEpoch.AddDays(3));
        var first = await EnqueueAsync(1, DateTimeOffset.UnixEpoch.AddDays(1));

        var claimed = await Db.Claims.ClaimAsync(2, Long, CancellationToken.None);

        Assert.Equal([first[0], second[0]], claimed.Select(one => one.Subject));
        Assert.Equal(third[0], Assert.Single(await Db.Claims.ClaimAsync(2, Long, CancellationToken.None)).Subject);
    }

    [Fact]
    public async Task What_is_claimed_says_whose_it_is_and_what()
    {
        var subjects = await EnqueueAsync(1, DateTimeOffset.UnixEpoch);

        var work = Assert.Single(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));

        Assert.Equal((_organisation, WorkKind.FetchMail, subjects[0]), (work.Organisation, work.Kind, work.Subject));
    }

    [Fact]
    public async Task What_is_not_due_is_left_alone()
    {
        await EnqueueAsync(1, DateTimeOffset.MaxValue.AddDays(-1));

        Assert.Empty(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));
    }

    [Fact]
    public async Task Work_that_is_done_does_not_come_again()
    {
        await EnqueueAsync(1, DateTimeOffset.UnixEpoch);
        var work = Assert.Single(await Db.Claims.ClaimAsync(5, Short, CancellationToken.None));

        await EndAsync(work, WorkQueue.CompleteAsync);

        await Task.Delay(Short * 1.5);
        Assert.Empty(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));
    }

    [Fact]
    public async Task An_expired_lease_is_claimed_again_under_a_higher_token_and_the_old_one_can_end_nothing()
    {
        await EnqueueAsync(1, DateTimeOffset.UnixEpoch);
        var lost = Assert.Single(await Db.Claims.ClaimAsync(5, Short, CancellationToken.None));
        Assert.Empty(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));
        await Task.Delay(Short * 1.5);

        var taken = Assert.Single(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));

        Assert.Equal((lost.Id, 2L, 2), (taken.Id, taken.Token, taken.Attempts));
        await Assert.ThrowsAsync<LeaseLostException>(() => EndAsync(lost, WorkQueue.CompleteAsync));
        await Assert.ThrowsAsync<LeaseLostException>(() => EndAsync(
            lost, (db, work, token) => WorkQueue.RescheduleAsync(db, work, TimeSpan.Zero, endedWell: true, token)));
        await EndAsync(taken, WorkQueue.CompleteAsync);
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Rescheduled_work_comes_again_and_counts_attempts_only_after_a_failure(bool endedWell, int attempts)
    {
        await EnqueueAsync(1, DateTimeOffset.UnixEpoch);
        var work = Assert.Single(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));

        await EndAsync(work, (db, one, token) => WorkQueue.RescheduleAsync(db, one, TimeSpan.Zero, endedWell, token));

        var again = Assert.Single(await Db.Claims.ClaimAsync(5, Long, CancellationToken.None));
        Assert.Equal((work.Id, 2L, attempts), (again.Id, again.Token, again.Attempts));
    }

    private async Task<List<Guid>> EnqueueAsync(int items, DateTimeOffset due)
    {
        var subjects = Enumerable.Range(0, items).Select(_ => Guid.NewGuid()).ToList();
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        subjects.ForEach(subject => WorkQueue.Enqueue(db, _organisation, WorkKind.FetchMail, subject, due));
        await db.CommitAsync(CancellationToken.None);
        return subjects;
    }

    private async Task<List<ClaimedWork>> ClaimAllAsync(int most)
    {
        var all = new List<ClaimedWork>();
        while (await Db.Claims.ClaimAsync(most, Long, CancellationToken.None) is { Count: > 0 } claimed)
        {
            all.AddRange(claimed);
        }

        return all;
    }

    private async Task EndAsync(ClaimedWork work, Func<PortalDbContext, ClaimedWork, CancellationToken, Task> end)
    {
        await using var db = await Db.Database.WriteAsync(_organisation, CancellationToken.None);
        await end(db, work, CancellationToken.None);
        await db.CommitAsync(CancellationToken.None);
    }

    private async Task<int> CountAsync()
    {
        await using var db = await Db.Database.ReadAsync(_organisation, CancellationToken.None);
        return await db.WorkItems.CountAsync();
    }
}

public sealed class PostgresWorkClaimsTests(PostgresFixture postgres) : WorkClaimsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();
}

public sealed class SqliteWorkClaimsTests(SqliteFixture sqlite) : WorkClaimsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
