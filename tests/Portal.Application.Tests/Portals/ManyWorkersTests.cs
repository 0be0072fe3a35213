using System.Collections.Concurrent;
using System.Diagnostics;
using Portal.Application.Telemetry;
using Portal.Application.Work;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Several workers on one database, and many mailboxes to be fetched.</summary>
[Collection(nameof(ManyAccounts))]
public sealed class ManyWorkersTests(ManyAccounts accounts)
{
    private const int Mailboxes = 16;
    private const int Messages = 3;

    [Fact]
    public async Task Each_mailbox_is_fetched_by_one_worker_at_a_time_and_each_message_stored_once()
    {
        var elsewhere = new List<Elsewhere>();
        for (var i = 0; i < Mailboxes; i++)
        {
            elsewhere.Add(await accounts.ConnectAsync(TestServers.ImapsPort));
        }

        var subjects = elsewhere.ConvertAll(one => one.Account.Value.ToString("N")).ToHashSet();
        var spans = new ConcurrentQueue<(string Subject, DateTime Began, DateTime Ended)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Spans,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("portal.work.kind") is nameof(WorkKind.FetchMail) && span.GetTagItem("portal.work.subject") is string subject && subjects.Contains(subject))
                {
                    spans.Enqueue((subject, span.StartTimeUtc, span.StartTimeUtc + span.Duration));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var nodes = new List<TestPortal>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                nodes.Add(await accounts.NodeAsync(("Portal:Transport:FetchInterval", "00:00:00.5"), ("Portal:Transport:WatchedAccounts", "0")));
                await nodes[i].StartWorkingAsync();
            }

            await Parallel.ForEachAsync(elsewhere, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (one, _) =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    await ManyAccounts.DeliverAsync(one, $"message {i}");
                }
            });
            foreach (var one in elsewhere)
            {
                await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(one, opened: true) == Messages, "all are there");
            }

            // And once more around, so that who fetches next has had the chance to store it again.
            var rounds = spans.Count;
            await ManyAccounts.UntilAsync(() => Task.FromResult(spans.Count >= rounds + Mailboxes), "everything is asked again");
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.StopWorkingAsync()));
            nodes.ForEach(node => _ = node.DisposeAsync().AsTask());
            await accounts.RemoveAsync([.. elsewhere]);
        }

        foreach (var one in elsewhere)
        {
            Assert.Equal(Messages, await accounts.CountAsync(one));
            var ordered = spans.Where(span => span.Subject == one.Account.Value.ToString("N")).OrderBy(span => span.Began).ToList();
            Assert.NotEmpty(ordered);
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.Ended <= pair.Second.Began, "Two workers had the same mailbox at once."));
        }
    }

    [Fact]
    public async Task What_a_killed_worker_had_in_its_hands_another_takes_over_within_the_lease()
    {
        var lease = TimeSpan.FromSeconds(3);
        var account = await accounts.ConnectAsync(TestServers.ImapsPort);
        await ManyAccounts.DeliverAsync(account, "one");

        await using var other = await accounts.NodeAsync();

        // As a killed node leaves it: claimed, and never heard of again.
        var claimed = await accounts.Portal.Get<IWorkClaims>().ClaimAsync(10, lease, CancellationToken.None);
        var lost = claimed.Single(one => one.Kind == WorkKind.FetchMail && one.Subject == account.Account.Value);
        await other.StartWorkingAsync();
        try
        {
            var took = await ManyAccounts.UntilAsync(async () => await accounts.CountAsync(account) == 1, "another has fetched it");
            Assert.InRange(took, lease - TimeSpan.FromSeconds(2), lease + TimeSpan.FromSeconds(30));
            await using var db = await accounts.Portal.Database.WriteAsync(accounts.Organisation, CancellationToken.None);
            await Assert.ThrowsAsync<LeaseLostException>(() => WorkQueue.RescheduleAsync(db, lost, TimeSpan.Zero, endedWell: true, CancellationToken.None));
        }
        finally
        {
            await accounts.RemoveAsync(account);
            await other.StopWorkingAsync();
        }
    }
}
