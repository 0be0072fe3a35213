using Portal.Application.Compose;
using Portal.Application.Inbox;
using Portal.Application.Mailboxes;

namespace Portal.Benchmarks.Parts;

/// <summary>What a click on a message costs: the verdict with all that the pane shows, and the text for its frame.</summary>
internal sealed class OpenPart : IPart
{
    private const int Target = 30;

    public string Name => "open";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await BenchPortal.StartAsync();
        var organisation = await portal.FoundAsync();
        var alice = await portal.EnrolAsync(organisation, "alice@example.test");
        var bob = await portal.EnrolAsync(organisation, "bob@example.test");
        var ids = await FillAsync(portal, alice, bob);
        var reading = portal.Get<MessageReading>();
        PeerFigure[] peers =
        [
            new("libcrypto, decrypt and verify only, one client", (await CmsPeer.MeasureAsync()).OpenSmall),
            new("MimeKit, decrypt and verify only, one client", MimeKitPeer.Measure().OpenSmall),
        ];
        var figures = new List<Figure>();

        await WarmUp.RunAsync(() => Samples.TakeAsync(8, 200, OpenAsync));
        foreach (var clients in new[] { 1, 8 })
        {
            var times = clients == 1 ? 400 : 100;
            var samples = await Samples.TakeAsync(clients, times, OpenAsync);
            var of = $"10 KB, signed and encrypted, {clients} client{(clients == 1 ? "" : "s")}";
            figures.Add(new Figure($"verdict and text, {of}, median", samples.Median, "ms") { Peers = peers });
            figures.Add(new Figure($"verdict and text, {of}, p95", samples.P95, "ms", Target));
        }

        return figures;

        async Task OpenAsync(int i)
        {
            var id = ids[i % ids.Count];
            if (await reading.OpenAsync(bob.Account, id, CancellationToken.None) is not MessageOpening.Opened
                || await reading.BodyAsync(bob.Account, id, CancellationToken.None) is null)
            {
                throw new InvalidOperationException("It does not open.");
            }
        }
    }

    private static async Task<List<StoredMessageId>> FillAsync(BenchPortal portal, SignedInPerson alice, SignedInPerson bob)
    {
        const int Messages = 20;
        var text = string.Concat(Enumerable.Range(0, 160).Select(i => $"Line {i} of a message that is ten kilobytes long, like most of them.\n"))[..10_000];
        for (var i = 0; i < Messages; i++)
        {
            var content = DraftContent.Empty with { To = "bob@example.test", Subject = $"Message {i}", Body = text };
            var draft = await portal.Get<Drafts>().CreateAsync(alice.Account, alice.Mailbox, content, CancellationToken.None);
            if (await portal.Get<Sending>().SendAsync(alice.Account, draft, UnencryptableChoice.Ask, CancellationToken.None) is not SendOutcome.Accepted)
            {
                throw new InvalidOperationException("It was not sent.");
            }
        }

        await using var working = await portal.WorkAsync();
        var reading = portal.Get<MailboxReading>();
        var inbox = (await reading.ListAsync(bob.Account, CancellationToken.None)).Single().Folders.Single(one => one.Kind == FolderKind.Inbox).Id;
        while (true)
        {
            var rows = (await reading.WindowAsync(bob.Account, inbox, new WindowStart.Newest(), CancellationToken.None)).Rows;
            if (rows.Count == Messages && rows.All(row => row.State == MessageState.Opened))
            {
                return rows.Select(row => row.Id).ToList();
            }

            await Task.Delay(50);
        }
    }
}
