using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Benchmarks.Parts;

/// <summary>The S/MIME engine by itself, beside C on libcrypto and MimeKit: messages for each second of processor time, one after the other.</summary>
internal sealed class EnginePart : IPart
{
    private const int Small = 10 * 1024;
    private const int Large = 50 * 1024 * 1024;
    private const int Seconds = 4;

    public string Name => "smime";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        var figures = new List<Figure>();
        using var peer = await EnginePeer.CompileAsync();
        foreach (var kind in new[] { "RSA-2048", "P-256" })
        {
            using var pki = new EnginePki(kind);
            var small = Entity(Small);
            var large = Entity(Large);
            await File.WriteAllBytesAsync(Path.Combine(pki.FilesIn, "small"), small);
            await File.WriteAllBytesAsync(Path.Combine(pki.FilesIn, "large"), large);

            async Task<PeerFigure> CAsync(string mode, string content) => new("C on libcrypto", await peer.MeasureAsync(pki, mode, content, Seconds));
            async Task<PeerFigure> BareAsync(string mode, string content) => new("C without MIME and base64", await peer.MeasureAsync(pki, mode, content, Seconds));

            var message = await ProtectAsync(pki, small);
            var protecting = await RateAsync(() => ProtectToNothingAsync(pki, small));
            var opening = await RateAsync(() => OpenAsync(pki, message));
            say($"{kind}: {protecting.Rate:0} and {opening.Rate:0} a CPU-second, {protecting.Allocated / 1024:0} and {opening.Allocated / 1024:0} KB allocated");
            figures.Add(Ratio($"10 KB, {kind}: sign and encrypt", protecting.Rate, await CAsync("protect", "small"), kind == "P-256" ? 0.6 : 0.8, await BareAsync("protect-bare", "small")));
            figures.Add(Ratio($"10 KB, {kind}: decrypt and verify, with path", opening.Rate, await CAsync("open", "small"), 0.75, await BareAsync("open-bare", "small")));
            figures.Add(new Figure($"10 KB, {kind}: allocated while signing and encrypting", protecting.Allocated / 1024, "KB", 40));
            figures.Add(new Figure($"10 KB, {kind}: allocated while decrypting and verifying", opening.Allocated / 1024, "KB", 40));
            if (kind == "P-256")
            {
                figures.AddRange(await FarKeysAsync(pki, small, say));
                continue;
            }

            figures.AddRange(await BesideMimeKitAsync(pki, protecting.Rate, opening.Rate));
            figures.AddRange(await LargeMail.MeasureAsync(pki));
            var largeMessage = await ProtectAsync(pki, large);
            var protectingLarge = await RateAsync(() => ProtectToNothingAsync(pki, large));
            var openingLarge = await RateAsync(() => OpenAsync(pki, largeMessage));
            figures.Add(Ratio("50 MB, RSA-2048: sign and encrypt, streaming", protectingLarge.Rate, await CAsync("stream", "large"), 0.9));
            figures.Add(Ratio("50 MB, RSA-2048: decrypt and verify, with path; the peer in memory", openingLarge.Rate, await CAsync("open", "large"), 1, await BareAsync("open-bare", "large")));
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> BesideMimeKitAsync(EnginePki pki, double protecting, double opening)
    {
        const double Times = 10;
        using var signer = pki.WithPrivateKey("signer");
        using var reader = pki.WithPrivateKey("reader");
        using var peer = new MimeKitPeer(signer, reader);
        var made = peer.Protect(Small);
        using var key = signer.GetRSAPrivateKey()!;
        var digest = new byte[32];
        var (protects, opens) = (await RateAsync(() => Task.FromResult(peer.Protect(Small))), await RateAsync(() => Done(() => peer.Open(made))));
        var signs = await RateAsync(() => Task.FromResult(key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        return
        [
            new Figure("the same beside MimeKit: sign and encrypt", protecting, "/CPU-s", Times * protects.Rate, MoreIsBetter: true) { Peers = [new("MimeKit, AES-CBC", protects.Rate), new("libcrypto, nothing but the signature", signs.Rate)] },
            new Figure("the same beside MimeKit: decrypt and verify", opening, "/CPU-s", Times * opens.Rate, MoreIsBetter: true) { Peers = [new("MimeKit, AES-CBC, no path", opens.Rate)] },
        ];

        static Task Done(Action act)
        {
            act();
            return Task.CompletedTask;
        }
    }

    /// <summary>Many messages wait for a key that is 50 ms away: on how few threads, and how many get through.</summary>
    private static async Task<IReadOnlyList<Figure>> FarKeysAsync(EnginePki pki, byte[] entity, Action<string> say)
    {
        const int AtOnce = 2000;
        var signer = pki.Signer with { Key = new RemoteKey(pki.Signer.Key, TimeSpan.FromMilliseconds(50)) };
        var threads = 0;
        var done = 0;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2 * Seconds));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await using var signed = new Spool();
                await SignedEntity.WriteAsync(new MemoryStream(entity), [signer], SignedForm.Opaque, new SigningProperties(pki.Now), signed, CancellationToken.None);
                await signed.CompleteAsync(CancellationToken.None);
                await EncryptedEntity.WriteAsync(signed, [pki.Recipient], ContentCipher.Aes256Gcm, Stream.Null, CancellationToken.None);
                Interlocked.Increment(ref done);
                threads = Math.Max(threads, ThreadPool.ThreadCount);
            }
        })));
        var rate = done / Stopwatch.GetElapsedTime(began).TotalSeconds;
        say($"{AtOnce} at once with a key 50 ms away: {rate:0} a second on {threads} threads");
        return
        [
            new Figure($"10 KB, P-256, the key 50 ms away, {AtOnce} at once: sign and encrypt", rate, "/s", 2000, MoreIsBetter: true),
            new Figure("the same: threads at most", threads, string.Empty, 9),
        ];
    }

    private static Figure Ratio(string what, double ours, PeerFigure peer, double share, params PeerFigure[] further) =>
        new(what, ours, "/CPU-s", share * peer.Value, MoreIsBetter: true) { Peers = [peer, .. further] };

    private static byte[] Entity(int length)
    {
        var text = new StringBuilder("Content-Type: text/plain; charset=us-ascii\r\n\r\n", length);
        for (var line = 0; text.Length < length - 74; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line:D8} A line of a message that is as long as most of them, and ends.\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static async Task<byte[]> ProtectAsync(EnginePki pki, byte[] entity)
    {
        using var message = new MemoryStream(entity.Length * 2);
        await ProtectAsync(pki, entity, message);
        return message.ToArray();
    }

    private static Task ProtectToNothingAsync(EnginePki pki, byte[] entity) => ProtectAsync(pki, entity, Stream.Null);

    private static async Task ProtectAsync(EnginePki pki, byte[] entity, Stream message)
    {
        await using var signed = new Spool();
        await SignedEntity.WriteAsync(new MemoryStream(entity), [pki.Signer], SignedForm.Opaque, new SigningProperties(pki.Now), signed, CancellationToken.None);
        await signed.CompleteAsync(CancellationToken.None);
        await message.WriteAsync(Encoding.ASCII.GetBytes($"From: {EnginePki.Address}\r\nMIME-Version: 1.0\r\n"));
        await EncryptedEntity.WriteAsync(signed, [pki.Recipient], ContentCipher.Aes256Gcm, message, CancellationToken.None);
    }

    private static async Task OpenAsync(EnginePki pki, byte[] message)
    {
        await using var opened = await MessageOpener.OpenAsync(new MemoryStream(message), pki.Context, CancellationToken.None);
        if (opened.Summary is not { Verdict: Verdict.SignedValid, Encrypted: true })
        {
            throw new InvalidOperationException("It is not valid.");
        }
    }

    private static async Task<(double Rate, double Allocated)> RateAsync(Func<Task> act)
    {
        await WarmUp.RunAsync(async () => await RunAsync(act, 1));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (count, cpu) = await RunAsync(act, Seconds);
        return (count / cpu, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / count);
    }

    private static async Task<(int Count, double Cpu)> RunAsync(Func<Task> act, double seconds)
    {
        using var process = Process.GetCurrentProcess();
        var began = process.TotalProcessorTime;
        var (count, cpu) = (0, 0.0);
        do
        {
            await act();
            count++;
            if (count % 16 == 0 || cpu == 0)
            {
                process.Refresh();
                cpu = (process.TotalProcessorTime - began).TotalSeconds;
            }
        }
        while (cpu < seconds);
        process.Refresh();
        return (count, (process.TotalProcessorTime - began).TotalSeconds);
    }
}
