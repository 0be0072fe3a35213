using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Damaged mail ends in a verdict: never in an exception, never in a valid signature over other content.</summary>
public sealed class MutatedMailTests
{
    private static readonly Lazy<Task<IReadOnlyList<byte[]>>> Structures = new(MakeAsync);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Mutated_structures_give_a_verdict(ulong seed)
    {
        var generator = new Xorshift(seed * 0x9e3779b97f4a7c15);
        var structures = await Structures.Value;
        for (var round = 0; round < 1000; round++)
        {
            var structure = structures[generator.Below(structures.Count)];
            var mutant = Mutate(structure, generator);
            await JudgeAsync(generator.Below(2) == 0 ? Mail.Pkcs7Mime(mutant) : Mail.MultipartSigned(Mail.Text, mutant));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Mutated_messages_give_a_verdict(ulong seed)
    {
        var generator = new Xorshift(seed * 0x9e3779b97f4a7c15);
        var messages = new[]
        {
            Mail.Message(await Mail.SignAsync(Mail.Text, Pki.Alice)),
            Mail.Message(await Mail.EncryptAsync(await Mail.SignAsync(Mail.Text, Pki.Alice), ContentCipher.Aes256Gcm)),
            Mail.Message(Mail.Bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\n\r\ntwo\r\n--b--\r\n")),
        };
        for (var round = 0; round < 1000; round++)
        {
            await JudgeAsync(Mutate(messages[generator.Below(messages.Length)], generator), whole: true);
        }
    }

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

    private static byte[] Mutate(byte[] original, Xorshift generator)
    {
        var mutant = original.ToList();
        for (var changes = 1 + generator.Below(4); changes > 0 && mutant.Count > 1; changes--)
        {
            var at = generator.Below(mutant.Count);
            var run = Math.Min(1 + generator.Below(40), mutant.Count - at);
            switch (generator.Below(7))
            {
                case 0:
                    mutant[at] = (byte)generator.Next();
                    break;
                case 1:
                    mutant[at] ^= (byte)(1 << generator.Below(8));
                    break;
                case 2:
                    mutant.RemoveRange(at, run);
                    break;
                case 3:
                    mutant.InsertRange(at, mutant.GetRange(at, run));
                    break;
                case 4:
                    mutant.RemoveRange(at, mutant.Count - at);
                    break;
                case 5:
                    mutant[at] = new byte[] { 0x00, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x24 }[generator.Below(8)];
                    break;
                default:
                    mutant.InsertRange(at, original.Take(run));
                    break;
            }
        }

        return [.. mutant];
    }

    private static async Task<IReadOnlyList<byte[]>> MakeAsync() =>
    [
        Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice)),
        Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Carol)),
        Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice, SignedForm.Opaque)),
        Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm)),
        Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Cbc, KeyTransportScheme.RsaPkcs1)),
        Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Issuing.Certificate]),
    ];
}
