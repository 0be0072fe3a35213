using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Database.Postgres;

namespace Portal.Application.Tests.Database;

public abstract class NewsContract : DatabaseTest
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private protected readonly MailboxId Mailbox = MailboxId.New();

    private protected OrganisationId Organisation { get; private set; }

    private protected override async Task PrepareAsync()
    {
        Organisation = await Db.AddOrganisationAsync();
        await ListenAsync(Db);
    }

    [Fact]
    public async Task News_are_told_after_the_commit_and_not_before()
    {
        using var heard = new SemaphoreSlim(0);
        using var subscription = Db.News.Subscribe(Mailbox, () => Task.FromResult(heard.Release()));
        await using var db = await Db.Database.WriteAsync(Organisation, CancellationToken.None);
        db.Announce(Mailbox);
        await db.SaveChangesAsync();
        Assert.False(await heard.WaitAsync(TimeSpan.FromMilliseconds(300)));

        await db.CommitAsync(CancellationToken.None);

        Assert.True(await heard.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_was_rolled_back_is_no_news()
    {
        var heard = 0;
        using var subscription = Db.News.Subscribe(Mailbox, () => Task.FromResult(Interlocked.Increment(ref heard)));
        await using (var db = await Db.Database.WriteAsync(Organisation, CancellationToken.None))
        {
            db.Announce(Mailbox);
            await db.SaveChangesAsync();
        }

        await AnnounceAndHearAsync(MailboxId.New());

        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task A_commit_that_fails_is_no_news()
    {
        var heard = 0;
        using var subscription = Db.News.Subscribe(Mailbox, () => Task.FromResult(Interlocked.Increment(ref heard)));
        await using (var db = await Db.Database.WriteAsync(Organisation, CancellationToken.None))
        {
            db.Announce(Mailbox);
            db.AuditChains.Add(new Portal.Application.Audit.AuditChain(OrganisationId.New()));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.CommitAsync(CancellationToken.None));
        }

        await AnnounceAndHearAsync(MailboxId.New());

        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Only_who_asked_for_the_mailbox_is_told_and_nobody_after_leaving()
    {
        var others = 0;
        var left = 0;
        using var other = Db.News.Subscribe(MailboxId.New(), () => Task.FromResult(Interlocked.Increment(ref others)));
        Db.News.Subscribe(Mailbox, () => Task.FromResult(Interlocked.Increment(ref left))).Dispose();

        await AnnounceAndHearAsync(Mailbox);

        Assert.Equal((0, 0), (others, left));
    }

    [Fact]
    public async Task A_page_that_fails_spoils_neither_the_commit_nor_other_pages()
    {
        using var before = Db.News.Subscribe(Mailbox, () => throw new InvalidOperationException("This page is gone."));
        using var after = Db.News.Subscribe(Mailbox, () => Task.FromException(new InvalidOperationException("So is this one.")));

        await AnnounceAndHearAsync(Mailbox);
        await AnnounceAndHearAsync(Mailbox);
    }

    private protected static async Task ListenAsync(TestDatabase database)
    {
        foreach (var service in database.Provided.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
            await ((PostgresNewsListener)service).Listening.WaitAsync(Patience);
        }
    }

    private protected async Task AnnounceAndHearAsync(MailboxId mailbox)
    {
        using var heard = new SemaphoreSlim(0);
        using var subscription = Db.News.Subscribe(mailbox, () => Task.FromResult(heard.Release()));
        await AnnounceAsync(mailbox);
        Assert.True(await heard.WaitAsync(Patience));
    }

    private protected async Task AnnounceAsync(MailboxId mailbox)
    {
        await using var db = await Db.Database.WriteAsync(Organisation, CancellationToken.None);
        db.Announce(mailbox);
        await db.CommitAsync(CancellationToken.None);
    }
}

public sealed class PostgresNewsTests(PostgresFixture postgres) : NewsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => postgres.NewAsync();

    [Fact]
    public async Task Another_node_hears_it_too()
    {
        await using var node = Db.AnotherNode();
        await ListenAsync(node);
        using var heard = new SemaphoreSlim(0);
        using var subscription = node.News.Subscribe(Mailbox, () => Task.FromResult(heard.Release()));

        await AnnounceAsync(Mailbox);

        Assert.True(await heard.WaitAsync(Patience));
    }

    [Fact]
    public async Task After_an_interruption_everybody_looks_again_and_news_go_on()
    {
        using var heard = new SemaphoreSlim(0);
        using var subscription = Db.News.Subscribe(Mailbox, () => Task.FromResult(heard.Release()));

        await Db.TamperAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'");

        Assert.True(await heard.WaitAsync(Patience));
        await AnnounceAndHearAsync(Mailbox);
    }
}

public sealed class SqliteNewsTests(SqliteFixture sqlite) : NewsContract
{
    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();
}
