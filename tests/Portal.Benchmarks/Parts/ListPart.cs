using System.Diagnostics;
using Npgsql;
using Portal.Application.Mailboxes;

namespace Portal.Benchmarks.Parts;

/// <summary>A page of the list out of 100,000 and of 1,000,000 messages, beside the bare query on the same rows.</summary>
internal sealed class ListPart : IPart
{
    private const int Target = 20;
    private static readonly int[] Sizes = [100_000, 1_000_000];

    public string Name => "list";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await BenchPortal.StartAsync();
        var person = await portal.EnrolAsync(await portal.FoundAsync(), "alice@example.test");
        var reading = portal.Get<MailboxReading>();
        var folder = (await reading.ListAsync(person.Account, CancellationToken.None)).Single().Folders.Single(one => one.Kind == FolderKind.Inbox).Id;
        var figures = new List<Figure>();
        var filled = 0;
        foreach (var size in Sizes)
        {
            var began = Stopwatch.GetTimestamp();
            await new LargeMailbox(portal, person, folder).FillAsync(filled, size);
            filled = size;
            say($"{size:N0} messages, filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            await using var bare = new Bare(portal, folder);

            await WarmUp.RunAsync(async () => _ = (await bare.TakeAsync(size, 8, 100), await NewestAsync(8, 100), await MiddleAsync(8, 100), await FoldersAsync(8, 100)));
            foreach (var clients in new[] { 1, 8 })
            {
                var times = clients == 1 ? 400 : 100;
                var (newest, middle, folders) = (await NewestAsync(clients, times), await MiddleAsync(clients, times), await FoldersAsync(clients, times));
                var peer = await bare.TakeAsync(size, clients, times);
                var of = $"of {size:N0}, {clients} client{(clients == 1 ? "" : "s")}";
                figures.Add(new Figure($"newest page {of}, p95", newest.P95, "ms", Target));
                figures.Add(new Figure($"page at any place {of}, median", middle.Median, "ms") { Peers = [new("bare keyset SQL", peer.Median)] });
                figures.Add(new Figure($"page at any place {of}, p95", middle.P95, "ms", Target) { Peers = [new("bare keyset SQL", peer.P95)] });
                figures.Add(new Figure($"folders with their counts {of}, p95", folders.P95, "ms", Target));
            }

            Task<Samples> NewestAsync(int clients, int times) => Samples.TakeAsync(
                clients, times, _ => reading.WindowAsync(person.Account, folder, new WindowStart.Newest(), CancellationToken.None));
            Task<Samples> MiddleAsync(int clients, int times) => Samples.TakeAsync(
                clients, times, i => reading.WindowAsync(person.Account, folder, new WindowStart.OlderThan(Cursor(i, size)), CancellationToken.None));
            Task<Samples> FoldersAsync(int clients, int times) => Samples.TakeAsync(
                clients, times, _ => reading.ListAsync(person.Account, CancellationToken.None));
        }

        return figures;
    }

    private static MessageCursor Cursor(int i, int size) =>
        new(LargeMailbox.Newest.AddMinutes(-(int)((i * 7919L) % (size - 100))), new StoredMessageId(Guid.Empty));

    /// <summary>What the list needs and nothing else: one prepared statement, no transaction, no row-level security, nothing unsealed.</summary>
    private sealed class Bare(BenchPortal portal, FolderId folder) : IAsyncDisposable
    {
        private const string Query = """
            select id, at, is_read, has_attachments, verdict, encrypted, state, sealed_listing from messages
            where folder_id = $1 and (at, id) < ($2, $3) order by at desc, id desc limit 51
            """;

        private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(portal.Postgres.AdministratorConnectionString) { Pooling = true, MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 }.ToString());

        public Task<Samples> TakeAsync(int size, int clients, int times) => Samples.TakeAsync(clients, times, async i =>
        {
            var cursor = Cursor(i, size);
            await using var command = _source.CreateCommand(Query);
            command.Parameters.Add(new NpgsqlParameter { Value = folder.Value });
            command.Parameters.Add(new NpgsqlParameter { Value = cursor.At.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter { Value = cursor.Id.Value });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                _ = reader.GetFieldValue<byte[]>(7);
            }
        });

        public ValueTask DisposeAsync() => _source.DisposeAsync();
    }
}
