using Portal.Application.Mailboxes;
using Portal.Benchmarks.Circuits;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>A hundred open pages: what they take, and how long a click on a message lasts while all of them click.</summary>
internal sealed class CircuitPart : IPart
{
    private const int Pages = 100;
    private const int Warm = 10;

    public string Name => "circuits";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await RunningPortal.StartAsync();
        var messages = new List<StoredMessageId>();
        for (var i = 0; i < 20; i++)
        {
            messages.Add(await portal.DeliverAsync($"Message {i}"));
        }

        using var bob = await portal.SignInAsync("bob");
        var open = new List<CircuitClient>();
        try
        {
            var idle = Machine.Resident(portal.Process.Id);
            await OpenAsync(open, bob, Warm);
            await ClickAsync(open, messages, 5);
            var warm = Machine.Resident(portal.Process.Id);
            await OpenAsync(open, bob, Pages - Warm);
            var full = Machine.Resident(portal.Process.Id);
            say($"{idle / 1048576} MB idle, {warm / 1048576} MB with {Warm} pages, {full / 1048576} MB with {Pages}");
            var one = await ClickAsync(open[..1], messages, 100);
            var all = await ClickAsync(open, messages, 5);
            return
            [
                new Figure($"memory of a page with its list, {Pages} open", (full - warm) / 1048576.0 / (Pages - Warm), "MB", 4),
                new Figure($"click on a message to its frame, one page clicks, {Pages} open, p95", one.P95, "ms", 120),
                new Figure($"click on a message to its frame, {Pages} pages each once a second, p95", (await PacedAsync(open, messages)).P95, "ms", 120),
                new Figure($"click on a message to its frame, {Pages} pages without a pause, p95", all.P95, "ms"),
            ];
        }
        finally
        {
            foreach (var page in open)
            {
                await page.DisposeAsync();
            }
        }
    }

    private static async Task OpenAsync(List<CircuitClient> open, SignedIn person, int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            open.Add(await CircuitClient.OpenAsync(person, "/mail/inbox", "Message 19"));
        }
    }

    private static async Task<Samples> ClickAsync(List<CircuitClient> pages, List<StoredMessageId> messages, int times) =>
        await Samples.TakeAsync(pages.Count, times, i => OneAsync(pages, messages, i));

    private static async Task<Samples> PacedAsync(List<CircuitClient> pages, List<StoredMessageId> messages)
    {
        var taken = await Task.WhenAll(pages.Select(async (page, number) =>
        {
            var mine = new List<double>();
            await Task.Delay(number * 1000 / pages.Count);
            for (var i = 0; i < 10; i++)
            {
                var began = System.Diagnostics.Stopwatch.GetTimestamp();
                var next = messages[(number + i) % messages.Count];
                await OpenAsync(page, page.Path == At(next) ? messages[(number + i + 1) % messages.Count] : next);
                mine.Add(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                await Task.Delay(1000);
            }

            return mine;
        }));
        return new Samples(taken.SelectMany(one => one).ToList());
    }

    // A client's numbers begin at its own multiple of 7919.
    private static Task OneAsync(List<CircuitClient> pages, List<StoredMessageId> messages, int i) =>
        OpenAsync(pages[i / 7919], messages[i % messages.Count]);

    private static Task OpenAsync(CircuitClient page, StoredMessageId message) =>
        page.ClickAsync(At(message), $"/messages/{message.Value}/body");

    private static string At(StoredMessageId message) => $"/mail/inbox/{message.Value}";
}
