using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Compose;
using Portal.Application.Outbox;
using Portal.Application.Transport;

namespace Portal.Benchmarks.Parts;

/// <summary>From a draft to Postfix's own sink: signed, encrypted, posted, dispatched.</summary>
internal sealed class SendPart : IPart
{
    public string Name => "send";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        var port = PostfixPeer.SinkPort;
        using var sink = Process.Start(new ProcessStartInfo("smtp-sink", ["-u", "nobody", $"127.0.0.1:{port}", "100"]))!;
        try
        {
            await using var portal = await BenchPortal.StartAsync(
                ("Portal:Transport:Kind", "Smtp"), ("Portal:Transport:RelayHost", "127.0.0.1"), ("Portal:Transport:RelayPort", $"{port}"), ("Portal:Transport:RelayTls", "None"));
            var organisation = await portal.FoundAsync();
            var alice = await portal.EnrolAsync(organisation, "alice@example.test");
            var bob = await portal.EnrolAsync(organisation, "bob@example.test");
            await LiveElsewhereAsync(portal, bob);
            var (libcrypto, mimeKit) = (await CmsPeer.MeasureAsync(), MimeKitPeer.Measure());
            var sizes = new[]
            {
                (Words: "10 KB", Bytes: 10 * 1024, Times: 300, Libcrypto: libcrypto.ProtectSmall, MimeKit: mimeKit.ProtectSmall),
                (Words: "1 MB", Bytes: 1024 * 1024, Times: 60, Libcrypto: libcrypto.ProtectLarge, MimeKit: mimeKit.ProtectLarge),
            };
            var figures = new List<Figure>();
            foreach (var size in sizes)
            {
                await WarmUp.RunAsync(() => SendAsync(portal, alice, size.Bytes, size.Times / 2));
                var one = await SendAsync(portal, alice, size.Bytes, size.Times);
                var relayed = await PostfixPeer.RelayAsync(size.Bytes, size.Times);
                say($"{size.Words}: {one.Seconds:0.0} s, {one.Cpu:0.0} s of CPU");
                figures.Add(new Figure($"one click on Send, {size.Words}, p95", one.Clicks.P95, "ms")
                {
                    Peers = [new("libcrypto, sign and encrypt only", size.Libcrypto), new("MimeKit, sign and encrypt only", size.MimeKit)],
                });
                figures.Add(new Figure($"draft to sink, {size.Words}, messages per second", size.Times / one.Seconds, "/s", MoreIsBetter: true)
                {
                    Peers = [new("Postfix relaying to the same sink", size.Times / relayed.Seconds)],
                });
                figures.Add(new Figure($"draft to sink, {size.Words}, messages per CPU-second of the portal", size.Times / one.Cpu, "/s", MoreIsBetter: true)
                {
                    Peers =
                    [
                        new("Postfix relaying, per CPU-second of Postfix", size.Times / relayed.Cpu),
                        new("libcrypto, sign and encrypt only", 1000 / size.Libcrypto),
                        new("MimeKit, sign and encrypt only", 1000 / size.MimeKit),
                    ],
                });
            }

            return figures;
        }
        finally
        {
            sink.Kill();
        }
    }

    private sealed record Run(double Seconds, double Cpu, Samples Clicks);

    private static async Task<Run> SendAsync(BenchPortal portal, SignedInPerson alice, int bytes, int times)
    {
        var process = Process.GetCurrentProcess();
        var clicks = new List<double>();
        var drafts = new List<DraftId>();
        var body = bytes < 100_000 ? new string('x', 70) + "\n" : "A file.\n";
        var content = DraftContent.Empty with { To = "bob@example.test", Subject = "Measured", Body = bytes < 100_000 ? string.Concat(Enumerable.Repeat(body, bytes / body.Length)) : body };
        for (var i = 0; i < times; i++)
        {
            drafts.Add(await portal.Get<Drafts>().CreateAsync(alice.Account, alice.Mailbox, content, CancellationToken.None));
            if (bytes >= 100_000)
            {
                using var file = new MemoryStream(new byte[bytes]);
                await portal.Get<DraftFiles>().AttachAsync(alice.Account, drafts[i], "file.bin", "application/octet-stream", file, CancellationToken.None);
            }
        }

        process.Refresh();
        var (began, cpu) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await using (await portal.WorkAsync())
        {
            foreach (var draft in drafts)
            {
                var clicked = Stopwatch.GetTimestamp();
                if (await portal.Get<Sending>().SendAsync(alice.Account, draft, UnencryptableChoice.Ask, CancellationToken.None) is not SendOutcome.Accepted)
                {
                    throw new InvalidOperationException("It was not sent.");
                }

                clicks.Add(Stopwatch.GetElapsedTime(clicked).TotalMilliseconds);
            }

            while (await PendingAsync(portal, alice) > 0)
            {
                await Task.Delay(20);
            }
        }

        process.Refresh();
        return new Run(Stopwatch.GetElapsedTime(began).TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds, new Samples(clicks));
    }

    private static async Task<int> PendingAsync(BenchPortal portal, SignedInPerson alice)
    {
        await using var db = await portal.Database.ReadAsync(alice.Account.Organisation, CancellationToken.None);
        return await db.Deliveries.CountAsync(one => one.State != DeliveryState.Sent);
    }

    /// <summary>Mail to whoever is fetched from elsewhere leaves by SMTP, encrypted for a certificate that is known.</summary>
    private static async Task LiveElsewhereAsync(BenchPortal portal, SignedInPerson bob)
    {
        using var key = await portal.Get<DataKeys>().OfMailboxAsync(bob.Account.Organisation, bob.Mailbox, CancellationToken.None);
        var settings = new MailAccountSettings("localhost", 1, TlsMode.None, "localhost", 1, TlsMode.None, "bob", "secret");
        await using var db = await portal.Database.WriteAsync(bob.Account.Organisation, CancellationToken.None);
        db.MailAccounts.Add(new MailAccount(bob.Account.Organisation, bob.Mailbox, MailAccountStore.Seal(key, bob.Mailbox, settings)));
        await db.CommitAsync(CancellationToken.None);
    }
}
