using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>A hundred megabytes pass through without being held.</summary>
[Collection(nameof(Alone))]
public sealed class LargeMailTests
{
    private const long Megabyte = 1024 * 1024;
    private const long Length = 100 * Megabyte;

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm, SignedForm.Detached)]
    [InlineData(ContentCipher.Aes256Cbc, SignedForm.Opaque)]
    public async Task Signing_encrypting_and_opening_stay_small(ContentCipher cipher, SignedForm form)
    {
        var path = Path.GetTempFileName();
        try
        {
            var expected = await SHA256.HashDataAsync(new PatternStream(Length));
            var written = await LiveMemory.PeakAsync(() => WriteAsync(path, cipher, form));
            byte[] digest = [];
            var opened = await LiveMemory.PeakAsync(async () => digest = await OpenAsync(path));

            Assert.Equal(expected, digest);
            Assert.True(written < 16 * Megabyte, $"Writing held {written / Megabyte} MB.");
            Assert.True(opened < 16 * Megabyte, $"Opening held {opened / Megabyte} MB.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task WriteAsync(string path, ContentCipher cipher, SignedForm form)
    {
        await using var signed = new Spool();
        await SignedEntity.WriteAsync(new PatternStream(Length), [Pki.Alice.Signer], form, new SigningProperties(Pki.Now), signed, default);
        await signed.CompleteAsync(default);
        await using var file = File.Create(path);
        await file.WriteAsync(Mail.Message([]));
        await EncryptedEntity.WriteAsync(signed, [Pki.Bob.Recipient(KeyTransportScheme.RsaOaepSha256)], cipher, file, default);
    }

    private static async Task<byte[]> OpenAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using var opened = await MessageOpener.OpenAsync(file, Opened.Context(), default);
        Assert.Equal(Verdict.SignedValid, opened.Summary.Verdict);
        return await SHA256.HashDataAsync(opened.Payload!);
    }
}
