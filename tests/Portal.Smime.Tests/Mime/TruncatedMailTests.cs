using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Mail that was cut off, and what is no mail at all, ends in a verdict.</summary>
public sealed class TruncatedMailTests
{
    [Fact]
    public async Task Truncated_mail_gives_a_verdict()
    {
        var message = Mail.Message(await Mail.EncryptAsync(await Mail.SignAsync(Mail.Text, Pki.Alice), ContentCipher.Aes256Gcm));
        var signed = Mail.Message(await Mail.SignAsync(Mail.Text, Pki.Alice));
        for (var length = 0; length < message.Length - 8; length += 13)
        {
            Assert.NotEqual(Verdict.SignedValid, (await Opened.FromAsync(message[..length])).Verdict);
        }

        for (var length = 0; length < signed.Length - 50; length += 7)
        {
            Assert.NotEqual(Verdict.SignedValid, (await Opened.FromAsync(signed[..length])).Verdict);
        }
    }

    [Fact]
    public async Task Noise_gives_a_verdict()
    {
        var generator = new Xorshift(77);
        for (var round = 0; round < 300; round++)
        {
            var noise = new byte[generator.Below(4000)];
            for (var index = 0; index < noise.Length; index++)
            {
                noise[index] = (byte)generator.Next();
            }

            await JudgeAsync(noise, whole: true);
            await JudgeAsync(Mail.Pkcs7Mime(noise));
        }
    }

    private static async Task JudgeAsync(byte[] entity, bool whole = false)
    {
        var message = whole ? entity : Mail.Message(entity);
        Opened opened;
        try
        {
            opened = await Opened.FromAsync(message);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Thrown at: {Convert.ToBase64String(message)}", exception);
        }

        if (opened.Verdict == Verdict.SignedValid)
        {
            Assert.Contains("The patient is well.", Mail.String(opened.Payload!), StringComparison.Ordinal);
            Assert.All(opened.Summary.Signers, signer => Assert.Contains(signer.Certificate, new[] { Pki.Alice.Certificate, Pki.Carol.Certificate }));
        }
    }
}
