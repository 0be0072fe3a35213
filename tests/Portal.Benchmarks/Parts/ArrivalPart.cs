using System.Diagnostics;
using System.Text;
using Portal.Application.Mailboxes;
using Portal.Application.Transport;
using Portal.Benchmarks.Circuits;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>Handed to Dovecot by LMTP, until an open page shows it.</summary>
internal sealed class ArrivalPart : IPart
{
    private const int Times = 20;

    public string Name => "arrival";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        var address = $"bench-{Guid.NewGuid():N}@example.test";
        await MailServers.AddUsersAsync(address);
        await using var portal = await RunningPortal.StartAsync();
        var settings = new MailAccountSettings(
            "localhost", TestServers.ImapsPort, TlsMode.Implicit, "localhost", TestServers.SubmissionPort, TlsMode.StartTls, address, TestServers.MailPassword);
        if (await portal.Inside.Get<MailAccounts>().ConnectAsync(portal.Bob.Account, portal.Bob.Mailbox, settings, _ => Task.CompletedTask, CancellationToken.None) is not MailAccountOutcome.Saved)
        {
            throw new InvalidOperationException("The account was not connected.");
        }

        await DeliverAsync(address, "first");
        using var bob = await portal.SignInAsync("bob");
        await Task.Delay(3000);
        await using var page = await CircuitClient.OpenAsync(bob, "/mail/inbox", "Subject first");
        var taken = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var seen = page.SeenAsync($"Subject number-{i}-");
            var began = Stopwatch.GetTimestamp();
            await DeliverAsync(address, $"number-{i}-");
            await seen;
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds / 1000);
        }

        var samples = new Samples(taken);
        return
        [
            new Figure("arrival in Dovecot to visible in an open page, told by IDLE, median", samples.Median, "s"),
            new Figure("the same, p95", samples.P95, "s", 2),
        ];
    }

    private static Task DeliverAsync(string address, string name) => MailServers.DeliverAsync(
        "sender@outside.test", address, Encoding.ASCII.GetBytes($"From: sender@outside.test\r\nTo: {address}\r\nSubject: Subject {name}\r\nMessage-ID: <{Guid.NewGuid():N}@outside.test>\r\n\r\nText.\r\n"));
}
