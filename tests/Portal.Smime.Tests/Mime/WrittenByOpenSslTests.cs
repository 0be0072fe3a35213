using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>What openssl writes, we verify and decrypt.</summary>
public sealed class WrittenByOpenSslTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("-crlfeol")]
    [InlineData("-binary")]
    [InlineData("-nodetach")]
    [InlineData("-nodetach -binary")]
    [InlineData("-nodetach -stream")]
    [InlineData("-stream")]
    [InlineData("-cades")]
    [InlineData("-keyid")]
    [InlineData("-nosmimecap")]
    [InlineData("-md sha384")]
    [InlineData("-md sha512 -cades")]
    [InlineData("-keyopt rsa_padding_mode:pss")]
    [InlineData("-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20")]
    [InlineData("-keyopt rsa_padding_mode:pss -md sha512 -nodetach")]
    public async Task A_signature_by_openssl_is_valid(string options)
    {
        var signed = await SignAsync(Pki.Alice, options);

        var opened = await Opened.FromAsync(Mail.Message(signed));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
        Assert.Equal(Pki.Alice.Certificate, Assert.Single(opened.Summary.Signers).Certificate);
    }

    [Theory]
    [InlineData("-noattr")]
    [InlineData("-noattr -nodetach")]
    public async Task A_signature_that_does_not_say_when_it_was_made_is_not_trusted(string options)
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(Pki.Alice, options)));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal([SignerReason.SigningTimeMissing], Assert.Single(opened.Summary.Signers).Reasons);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-nodetach")]
    [InlineData("-cades -md sha384")]
    public async Task An_ECDSA_signature_by_openssl_is_valid(string options)
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(Pki.Carol, options), "carol@example.org"));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Theory]
    [InlineData("-md sha1")]
    [InlineData("-md sha1 -nodetach")]
    [InlineData("-md sha1 -keyopt rsa_padding_mode:pss")]
    public async Task A_signature_with_SHA_1_holds_and_is_weak(string options)
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(Pki.Alice, options)));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(SignerReason.WeakDigest, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Theory]
    [InlineData("-md md5")]
    [InlineData("-md sha224")]
    public async Task A_digest_that_we_do_not_compute_proves_nothing(string options)
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(Pki.Alice, options)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.UnsupportedAlgorithm, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task A_signature_without_its_certificate_is_invalid()
    {
        var opened = await Opened.FromAsync(Mail.Message(await SignAsync(Pki.Alice, "-nocerts")));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.CertificateMissing, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Theory]
    [InlineData("-aes128")]
    [InlineData("-aes192")]
    [InlineData("-aes256")]
    [InlineData("-aes-128-gcm")]
    [InlineData("-aes-192-gcm")]
    [InlineData("-aes-256-gcm")]
    [InlineData("-aes256 -stream")]
    [InlineData("-aes-256-gcm -stream")]
    [InlineData("-aes256 -keyid")]
    public async Task Mail_encrypted_by_openssl_is_opened(string options)
    {
        foreach (var keyOptions in new[] { "", "-keyopt rsa_padding_mode:oaep", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256" })
        {
            var opened = await Opened.FromAsync(Mail.Message(await EncryptAsync($"{options}", keyOptions)));

            Assert.True(opened.Payload is not null, $"{keyOptions}: {opened.Why}");
            Assert.Equal(Mail.Text, Mail.String(opened.Payload));
            Assert.True(opened.Summary.Encrypted);
            Assert.Equal(Verdict.None, opened.Verdict);
        }
    }

    [Theory]
    [InlineData("-des -provider legacy -provider default")]
    [InlineData("-camellia256")]
    public async Task Ciphers_that_we_do_not_open_are_named(string options)
    {
        var opened = await Opened.FromAsync(Mail.Message(await EncryptAsync(options, "")));

        Assert.Null(opened.Payload);
        Assert.Equal(OpeningFailureKind.UnsupportedAlgorithm, opened.Message.Failure!.Kind);
        Assert.NotEmpty(opened.Message.Layers[0].Algorithm!);
    }

    [Fact]
    public async Task A_password_recipient_is_reported_and_not_opened()
    {
        var path = _bench.Write("text", Mail.Bytes(Mail.Text));
        var encrypted = await _bench.RunAsync("cms", "-encrypt", "-aes256", "-in", path, "-pwri_password", "secret");

        var opened = await Opened.FromAsync(Mail.Message(encrypted));

        Assert.Equal(OpeningFailureKind.NoMatchingKey, opened.Message.Failure!.Kind);
        Assert.Equal(RecipientKind.Password, Assert.Single(opened.Message.Layers[0].Recipients).Kind);
    }

    [Theory]
    [InlineData("-aes256")]
    [InlineData("-aes-256-gcm")]
    public async Task Signed_then_encrypted_by_openssl_is_valid_and_encrypted(string cipher)
    {
        var signed = _bench.Write("signed.eml", await SignAsync(Pki.Alice, ""));
        var encrypted = await _bench.RunAsync("cms", "-encrypt", cipher, "-in", signed, _bench.CertificateOf(Pki.Bob));

        var opened = await Opened.FromAsync(Mail.Message(encrypted));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.True(opened.Summary.Encrypted);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
        Assert.Equal(2, opened.Message.Layers.Count);
    }

    [Fact]
    public async Task Two_signers_are_valid_only_together()
    {
        var path = _bench.Write("text", Mail.Bytes(Mail.Text));
        var second = Person.With("alice@example.org", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256));
        var signed = await _bench.RunAsync(
            "cms", "-sign", "-in", path, "-certfile", _bench.Chain,
            "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice),
            "-signer", _bench.Write("second.pem", Workbench.Pem(second.Certificate)), "-inkey", _bench.Write("second.key", Mail.Bytes(second.Key.ExportPkcs8PrivateKeyPem())));
        var other = await _bench.RunAsync(
            "cms", "-sign", "-in", path, "-certfile", _bench.Chain,
            "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice),
            "-signer", _bench.CertificateOf(Pki.Carol), "-inkey", _bench.KeyOf(Pki.Carol));

        var both = await Opened.FromAsync(Mail.Message(signed));
        var mixed = await Opened.FromAsync(Mail.Message(other));

        Assert.True(both.Verdict == Verdict.SignedValid, both.Why);
        Assert.Equal(2, both.Summary.Signers.Count);
        Assert.Equal(Verdict.SignedUntrusted, mixed.Verdict);
    }

    [Fact]
    public async Task The_content_encryption_key_reopens_mail_without_any_private_key()
    {
        var message = Mail.Message(await EncryptAsync("-aes-256-gcm", ""));
        await using var first = await MessageOpener.OpenAsync(new MemoryStream(message), Opened.Context(), default);
        var key = Assert.Single(first.ContentEncryptionKeys);
        var none = TestKeys.None;

        var again = await Opened.FromAsync(message, Opened.Context(keys: none) with { KnownKeys = [key] });

        Assert.Equal(Mail.Text, Mail.String(again.Payload!));
        Assert.Equal(0, none.Searches);
    }

    private async Task<byte[]> SignAsync(Person person, string options)
    {
        var path = _bench.Write("text", Mail.Bytes(Mail.Text));
        return await _bench.RunAsync(
        [
            "cms", "-sign", "-in", path, "-certfile", _bench.Chain,
            "-signer", _bench.CertificateOf(person), "-inkey", _bench.KeyOf(person),
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
    }

    private async Task<byte[]> EncryptAsync(string options, string keyOptions)
    {
        var path = _bench.Write("text", Mail.Bytes(Mail.Text));
        return await _bench.RunAsync(
        [
            "cms", "-encrypt", "-in", path, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "-recip", _bench.CertificateOf(Pki.Bob), .. keyOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
    }
}
