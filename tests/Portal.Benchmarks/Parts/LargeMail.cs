using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Benchmarks.Parts;

/// <summary>A message of 500 MB through the engine, from file to file, and what memory that needs.</summary>
internal static class LargeMail
{
    private const int Megabyte = 1024 * 1024;
    private const int Megabytes = 500;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(EnginePki pki)
    {
        var (entity, message) = (Path.GetTempFileName(), Path.GetTempFileName());
        try
        {
            await WriteEntityAsync(entity);
            var protecting = await GainAsync(() => ProtectAsync(pki, entity, message));
            var opening = await GainAsync(() => OpenAsync(pki, message));
            return
            [
                new Figure($"{Megabytes} MB: memory above idle while signing and encrypting", protecting, "MB", 64),
                new Figure($"{Megabytes} MB: memory above idle while decrypting and verifying", opening, "MB", 64),
            ];
        }
        finally
        {
            File.Delete(entity);
            File.Delete(message);
        }
    }

    private static async Task<double> GainAsync(Func<Task> act)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (double)await Machine.GainAsync(Environment.ProcessId, act) / Megabyte;
    }

    private static async Task WriteEntityAsync(string path)
    {
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", Megabyte / 64)));
        await using var file = File.Create(path);
        await file.WriteAsync("Content-Type: text/plain\r\n\r\n"u8.ToArray());
        for (var written = 0; written < Megabytes; written++)
        {
            await file.WriteAsync(lines);
        }
    }

    private static async Task ProtectAsync(EnginePki pki, string entity, string message)
    {
        await using var signed = new Spool();
        await using (var content = File.OpenRead(entity))
        {
            await SignedEntity.WriteAsync(content, [pki.Signer], SignedForm.Opaque, new SigningProperties(pki.Now), signed, CancellationToken.None);
        }

        await signed.CompleteAsync(CancellationToken.None);
        await using var file = File.Create(message);
        await file.WriteAsync(Encoding.ASCII.GetBytes($"From: {EnginePki.Address}\r\nMIME-Version: 1.0\r\n"));
        await EncryptedEntity.WriteAsync(signed, [pki.Recipient], ContentCipher.Aes256Gcm, file, CancellationToken.None);
    }

    private static async Task OpenAsync(EnginePki pki, string message)
    {
        await using var file = File.OpenRead(message);
        var limits = OpeningLimits.Default with { MessageBytes = 2L * 1024 * Megabyte };
        await using var opened = await MessageOpener.OpenAsync(file, pki.Context with { Limits = limits }, CancellationToken.None);
        if (opened.Summary.Verdict != Verdict.SignedValid)
        {
            throw new InvalidOperationException("It is not valid.");
        }

        await opened.Payload!.CopyToAsync(Stream.Null);
    }
}
