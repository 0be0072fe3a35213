using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Compose;
using Portal.Benchmarks.Circuits;
using Portal.Testing;

namespace Portal.Benchmarks.Parts;

/// <summary>A large attachment, up and down, and what memory that needs.</summary>
internal sealed partial class AttachmentPart : IPart
{
    private const double Megabyte = 1024 * 1024;

    private const int Length = 100 << 20;

    public string Name => "attachment";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        await using var portal = await RunningPortal.StartAsync();
        await AllowAsync(portal);
        using var alice = await portal.SignInAsync("alice");
        using var bob = await portal.SignInAsync("bob");
        await UploadAsync(portal, alice, 64 * 1024);
        await portal.DeliverAsync("small", new MemoryStream(new byte[64 * 1024]));
        var up = await WatchAsync(portal, () => UploadAsync(portal, alice, Length));
        var message = await portal.DeliverAsync("large", new MemoryStream(new byte[Length]));
        await Task.Delay(2000);
        var down = await WatchAsync(portal, () => DownloadAsync(bob, $"/messages/{message.Value}/attachments/0"));
        var size = $"{Length / Megabyte:0} MB";
        return
        [
            new Figure($"upload of {size}", Length / Megabyte / up.Seconds, "MB/s", MoreIsBetter: true),
            new Figure("memory above idle during the upload", up.Above, "MB", 64),
            new Figure($"download out of a signed and encrypted message, {size}", Length / Megabyte / down.Seconds, "MB/s", MoreIsBetter: true),
            new Figure("memory above idle during the download", down.Above, "MB", 64),
        ];
    }

    // An organisation that has chosen nothing takes 25 MB.
    private static async Task AllowAsync(RunningPortal portal)
    {
        await using var db = await portal.Inside.Database.WriteAsync(portal.Alice.Account.Organisation, CancellationToken.None);
        var organisation = await db.Organisations.SingleAsync();
        organisation.Limit(organisation.Limits with { MessageBytes = 110 << 20 });
        await db.CommitAsync(CancellationToken.None);
    }

    private static async Task<(double Seconds, double Above)> WatchAsync(RunningPortal portal, Func<Task> act)
    {
        await Task.Delay(1000);
        var began = Stopwatch.GetTimestamp();
        var gain = await Machine.GainAsync(portal.Process.Id, act);
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, gain / Megabyte);
    }

    private static async Task UploadAsync(RunningPortal portal, SignedIn alice, int length)
    {
        var draft = await portal.Inside.Get<Drafts>().CreateAsync(portal.Alice.Account, portal.Alice.Mailbox, DraftContent.Empty, CancellationToken.None);
        var token = FormToken().Match(await alice.PageAsync("/mail/inbox")).Groups[1].Value;
        using var file = new ByteArrayContent(new byte[length]);
        using var form = new MultipartFormDataContent { { file, "file", "file.bin" } };
        using var answer = await alice.SendAsync(HttpMethod.Post, $"/drafts/{draft.Value}/attachments", form, ("X-Portal-Form", WebUtility.HtmlDecode(token)));
        answer.EnsureSuccessStatusCode();
    }

    private static async Task DownloadAsync(SignedIn bob, string path)
    {
        using var answer = await bob.SendAsync(HttpMethod.Get, path, null);
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync();
        await content.CopyToAsync(Stream.Null);
    }

    [GeneratedRegex("name=\"portal-form\" content=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
