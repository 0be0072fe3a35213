using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Portal.Application.Compose;
using Portal.Benchmarks.Circuits;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>An attachment inside a message, and a file beside one, up and down; both broken off in the middle and gone on with; and what memory that needs.</summary>
internal sealed partial class AttachmentPart : IPart
{
    private const double Megabyte = 1024 * 1024;
    private const int Inside = 24 << 20;
    private const long Beside = 2L << 30;

    /// <summary>What our pages send at a time.</summary>
    private const int PartLength = 16 * 15 * 64 * 1024;

    public string Name => "attachment";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await RunningPortal.StartAsync();
        using var alice = await portal.SignInAsync("alice");
        using var bob = await portal.SignInAsync("bob");
        await UploadAsync(portal, alice, await DraftAsync(portal, "first"), 64 * 1024);
        await portal.DeliverAsync("small", new MemoryStream(new byte[64 * 1024]));
        var message = await portal.DeliverAsync("inside", new MemoryStream(new byte[Inside]));
        var inside = await WatchAsync(portal, () => DownloadAsync(bob, $"/messages/{message.Value}/attachments/0", 0, Inside));
        say("a file beside its message");
        var draft = await DraftAsync(portal, "beside");
        var up = await WatchAsync(portal, () => UploadAsync(portal, alice, draft, Beside));
        message = await portal.DeliverAsync("beside", draft);
        var path = $"/messages/{message.Value}/attachments/0";
        var down = await WatchAsync(portal, async () =>
        {
            await DownloadAsync(bob, path, 0, Beside / 2);
            await DownloadAsync(bob, path, Beside / 2, Beside);
        });
        var size = $"{Beside >> 30} GB";
        return
        [
            new Figure($"download out of a signed and encrypted message, {Inside >> 20} MB", Inside / Megabyte / inside.Seconds, "MB/s", MoreIsBetter: true),
            new Figure("memory above idle during that download", inside.Above, "MB", 64),
            new Figure($"upload of {size} in parts, gone on with after a cut", Beside / Megabyte / up.Seconds, "MB/s", MoreIsBetter: true),
            new Figure("memory above idle during the upload", up.Above, "MB", 64),
            new Figure($"download of {size}, gone on with after a cut", Beside / Megabyte / down.Seconds, "MB/s", MoreIsBetter: true),
            new Figure("memory above idle during the download", down.Above, "MB", 64),
        ];
    }

    private static Task<DraftId> DraftAsync(RunningPortal portal, string subject) => portal.Inside.Get<Drafts>().CreateAsync(
        portal.Alice.Account, portal.Alice.Mailbox, DraftContent.Empty with { To = "bob@example.test", Subject = subject, Body = "Look." }, CancellationToken.None);

    private static async Task<(double Seconds, double Above)> WatchAsync(RunningPortal portal, Func<Task> act)
    {
        await Task.Delay(1000);
        var began = Stopwatch.GetTimestamp();
        var gain = await Machine.GainAsync(portal.Process.Id, act);
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, gain / Megabyte);
    }

    /// <summary>In parts, as our pages do; the one in the middle breaks off.</summary>
    private static async Task UploadAsync(RunningPortal portal, SignedIn alice, DraftId draft, long length)
    {
        var token = WebUtility.HtmlDecode(FormToken().Match(await alice.PageAsync("/mail/inbox")).Groups[1].Value);
        using var announcement = Upload.Announce(new Uri(portal.Process.Address, $"/drafts/{draft.Value}/attachments"), "file.bin", length);
        using var announced = await SendAsync(announcement);
        var place = new Uri(portal.Process.Address, announced.EnsureSuccessStatusCode().Headers.Location!);
        var isCut = false;
        for (var offset = 0L; offset < length;)
        {
            var breaksOff = !isCut && offset > length / 2;
            try
            {
                using var content = new Zeros(Math.Min(PartLength, length - offset), breaksOff);
                using var part = Upload.Part(place, offset, content);
                using var answer = await SendAsync(part);
                offset = Upload.Offset(answer.EnsureSuccessStatusCode())!.Value;
            }
            catch (HttpRequestException) when (breaksOff)
            {
                isCut = true;
                await Task.Delay(200);
                using var look = new HttpRequestMessage(HttpMethod.Head, place);
                using var answer = await SendAsync(look);
                offset = Upload.Offset(answer.EnsureSuccessStatusCode())!.Value;
            }
        }

        Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            request.Headers.Add("X-Portal-Form", token);
            return alice.SendAsync(request);
        }
    }

    private static async Task DownloadAsync(SignedIn bob, string path, long from, long until)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(bob.Portal, path));
        request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
        using var answer = await bob.SendAsync(request);
        await using var content = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[128 * 1024];
        for (var left = until - from; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)));
            left -= read > 0 ? read : throw new IOException("The download ended early.");
        }
    }

    /// <param name="length">Bytes.</param>
    /// <param name="breaksOff">In the middle.</param>
    private sealed class Zeros(long length, bool breaksOff) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var zeros = new byte[128 * 1024];
            for (var left = length; left > 0; left -= Math.Min(left, zeros.Length))
            {
                if (breaksOff && left < length / 2)
                {
                    throw new IOException("Broken off.");
                }

                await stream.WriteAsync(zeros.AsMemory(0, (int)Math.Min(left, zeros.Length)));
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }

    [GeneratedRegex("name=\"portal-form\" content=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
