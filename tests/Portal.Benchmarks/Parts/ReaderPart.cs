using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Compose;
using Portal.Application.SecureLinks;
using Portal.Benchmarks.Circuits;

namespace Portal.Benchmarks.Parts;

/// <summary>People outside: the page that their link leads to, beside a page that asks nothing; and a message to a thousand of them who are new.</summary>
internal sealed class ReaderPart : IPart
{
    private const int Readers = 1000;
    private const int Clients = 8;
    private const string Host = "mail.example.test";
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(8);

    // So long goes the runtime on compiling anew what is used much: before, it answers a third as often.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(90);

    public string Name => "readers";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await RunningPortal.StartAsync(("Portal:PublicAddress", $"https://{Host}"), ("Portal:Limits:Recipients", "500"));
        var seconds = await ShareAsync(portal);
        say(string.Create(CultureInfo.InvariantCulture, $"all were ready in {seconds:0.0} s; the page of a link"));
        var cookie = await LandAsync(portal);
        var (page, size) = await LoadAsync(new Uri(portal.Process.Address, "/read"), portal.Process.Id, cookie);
        say("a page that asks nothing");
        var bare = await BareAsync(size);
        return
        [
            new Figure($"one message to {Readers} new readers, until all can open it", seconds, "s", 30),
            new Figure($"page of a link, {size} bytes, {Clients} clients", page, "/CPU-s", 1000, MoreIsBetter: true) { Peers = [new PeerFigure("bare static page of that size", bare)] },
        ];
    }

    /// <summary>As two messages of 500 recipients each, the most that one may have.</summary>
    private static async Task<double> ShareAsync(RunningPortal portal)
    {
        var organisation = portal.Alice.Account.Organisation;
        var began = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < Readers; sent += 500)
        {
            var to = string.Join(", ", Enumerable.Range(sent, 500).Select(one => $"reader{one}@outside.test"));
            var draft = await portal.Inside.Get<Drafts>().CreateAsync(portal.Alice.Account, portal.Alice.Mailbox, DraftContent.Empty with { To = to, Subject = "To all", Body = "All is well." }, CancellationToken.None);
            if (await portal.Inside.Get<Sending>().SendAsync(portal.Alice.Account, draft, UnencryptableChoice.Ask, CancellationToken.None) is not SendOutcome.Accepted)
            {
                throw new InvalidOperationException("The message was not sent.");
            }
        }

        while (true)
        {
            await using var db = await portal.Inside.Database.ReadAsync(organisation, CancellationToken.None);
            if (await db.SecureLinks.CountAsync(one => one.OrganisationId == organisation && one.ReadyAt != null) == Readers)
            {
                return Stopwatch.GetElapsedTime(began).TotalSeconds;
            }

            await Task.Delay(100);
        }
    }

    /// <returns>The cookie of somebody who has followed their link.</returns>
    private static async Task<string> LandAsync(RunningPortal portal)
    {
        var organisation = portal.Alice.Account.Organisation;
        using var key = await portal.Inside.Get<DataKeys>().OfOrganisationAsync(organisation, CancellationToken.None);
        SecureLink link;
        await using (var db = await portal.Inside.Database.ReadAsync(organisation, CancellationToken.None))
        {
            link = await db.SecureLinks.FirstAsync(one => one.OrganisationId == organisation);
        }

        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Process.Address, $"/open/{LinkTokens.Of(link.Id, key)}"));
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<double> BareAsync(int size)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(ReaderPart).Assembly.Location, "--bare-page", address.ToString(), size.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            await UntilItAnswersAsync(address);
            return (await LoadAsync(address, process.Id, cookie: null)).PerSecond;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task UntilItAnswersAsync(Uri address)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        for (var tries = 0; ; tries++)
        {
            try
            {
                await AskAsync(client, address, cookie: null);
                return;
            }
            catch (HttpRequestException) when (tries < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <returns>Answers for each second that the process has computed, and the size of one.</returns>
    private static async Task<(double PerSecond, int Size)> LoadAsync(Uri address, int process, string? cookie)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler);
        var size = (await AskAsync(client, address, cookie)).Length;
        await ForAWhileAsync(WarmUp);
        var computed = Machine.Computed(process);
        var answers = await ForAWhileAsync(Lasts);
        return (answers / (Machine.Computed(process) - computed).TotalSeconds, size);

        async Task<int> ForAWhileAsync(TimeSpan lasts)
        {
            var began = Stopwatch.GetTimestamp();
            var all = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
            {
                var count = 0;
                while (Stopwatch.GetElapsedTime(began) < lasts)
                {
                    await AskAsync(client, address, cookie);
                    count++;
                }

                return count;
            }));
            return all.Sum();
        }
    }

    private static async Task<string> AskAsync(HttpMessageInvoker client, Uri address, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = cookie is null ? null : Host;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var answer = await client.SendAsync(request, CancellationToken.None);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
