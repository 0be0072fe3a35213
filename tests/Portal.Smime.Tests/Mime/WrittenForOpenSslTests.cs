using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>What we write, openssl verifies and decrypts.</summary>
public sealed class WrittenForOpenSslTests : IDisposable
{
    private static readonly string Long =
        "Content-Type: text/plain\r\n\r\n" + string.Concat(Enumerable.Range(0, 5000).Select(line => $"Line {line} of a text that needs several pieces.\r\n"));

    private readonly Workbench _bench = new();

    public static TheoryData<ContentCipher, KeyTransportScheme> Ciphers
    {
        get
        {
            var ciphers = new TheoryData<ContentCipher, KeyTransportScheme>();
            foreach (var cipher in Enum.GetValues<ContentCipher>().Where(cipher => !cipher.IsLegacy()))
            {
                ciphers.Add(cipher, KeyTransportScheme.RsaPkcs1);
                ciphers.Add(cipher, KeyTransportScheme.RsaOaepSha256);
            }

            ciphers.Add(ContentCipher.Aes256Gcm, KeyTransportScheme.RsaOaepSha384);
            ciphers.Add(ContentCipher.Aes256Gcm, KeyTransportScheme.RsaOaepSha512);
            return ciphers;
        }
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(SignedForm.Detached, true)]
    [InlineData(SignedForm.Detached, false)]
    [InlineData(SignedForm.Opaque, true)]
    [InlineData(SignedForm.Opaque, false)]
    public async Task Openssl_verifies_our_signature_and_sees_the_same_content(SignedForm form, bool rsa)
    {
        var signed = await Mail.SignAsync(Long, rsa ? Pki.Alice : Pki.Carol, form);

        Assert.Equal(Long, Mail.String(await VerifyAsync(signed)));
    }

    [Theory]
    [InlineData(SignatureScheme.RsaPkcs1Sha384)]
    [InlineData(SignatureScheme.RsaPkcs1Sha512)]
    public async Task Openssl_verifies_longer_digests(SignatureScheme scheme)
    {
        var signed = await Mail.SignAsync(Mail.Bytes(Long), Pki.Alice.Signer with { Scheme = scheme });

        Assert.Equal(Long, Mail.String(await VerifyAsync(signed)));
    }

    [Fact]
    public async Task Openssl_accepts_our_SigningCertificateV2_as_CAdES()
    {
        var signed = await Mail.SignAsync(Long, Pki.Alice);

        Assert.Equal(Long, Mail.String(await VerifyAsync(signed, "-cades")));
    }

    [Fact]
    public async Task Bare_line_feeds_are_signed_as_CRLF()
    {
        var signed = await Mail.SignAsync(Mail.Text.Replace("\r\n", "\n", StringComparison.Ordinal), Pki.Alice);

        Assert.Equal(Mail.Text, Mail.String(await VerifyAsync(signed)));
    }

    [Fact]
    public async Task Openssl_refuses_our_signature_once_the_content_is_changed()
    {
        var signed = Mail.String(await Mail.SignAsync(Mail.Text, Pki.Alice)).Replace("well", "hell", StringComparison.Ordinal);
        var path = _bench.Write("changed.eml", Mail.Bytes(signed));

        var (exitCode, _, _) = await _bench.TryAsync("cms", "-verify", "-in", path, "-CAfile", _bench.Root, "-certfile", _bench.Chain);

        Assert.NotEqual(0, exitCode);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public async Task Openssl_decrypts_what_we_encrypt(ContentCipher cipher, KeyTransportScheme scheme)
    {
        var path = _bench.Write("encrypted.eml", await Mail.EncryptAsync(Mail.Bytes(Long), cipher, scheme, Pki.Bob, Pki.Alice));
        foreach (var person in new[] { Pki.Bob, Pki.Alice })
        {
            var plaintext = await _bench.RunAsync("cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(person), "-inkey", _bench.KeyOf(person));
            Assert.Equal(Long, Mail.String(plaintext));
        }
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm)]
    [InlineData(ContentCipher.Aes256Cbc)]
    public async Task Content_of_any_length_arrives_whole(ContentCipher cipher)
    {
        foreach (var length in new[] { 0, 1, 15, 16, 17, 65535, 65536, 65537, 131072 })
        {
            var content = new byte[length];
            Array.Fill(content, (byte)'x');
            var path = _bench.Write("length.eml", await Mail.EncryptAsync(content, cipher));
            var plaintext = await _bench.RunAsync("cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(Pki.Bob), "-inkey", _bench.KeyOf(Pki.Bob));
            Assert.Equal(content, plaintext);
        }
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm, "id-smime-ct-authEnvelopedData", "aes-256-gcm")]
    [InlineData(ContentCipher.Aes128Cbc, "pkcs7-envelopedData", "aes-128-cbc")]
    public async Task Openssl_names_structure_and_algorithms_as_we_mean_them(ContentCipher cipher, string structure, string algorithm)
    {
        var path = _bench.Write("printed.eml", await Mail.EncryptAsync(Mail.Bytes(Mail.Text), cipher));

        var printed = Mail.String(await _bench.RunAsync("cms", "-cmsout", "-print", "-in", path));

        Assert.Contains(structure, printed, StringComparison.Ordinal);
        Assert.Contains(algorithm, printed, StringComparison.Ordinal);
        Assert.Contains("rsaesOaep", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_then_encrypted_mail_is_opened_by_openssl_in_two_steps()
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var path = _bench.Write("both.eml", Mail.Message(await Mail.EncryptAsync(signed, ContentCipher.Aes256Gcm)));

        var inner = await _bench.RunAsync("cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(Pki.Bob), "-inkey", _bench.KeyOf(Pki.Bob));

        Assert.Equal(Mail.Text, Mail.String(await VerifyAsync(inner)));
    }

    private async Task<byte[]> VerifyAsync(byte[] signed, params string[] options)
    {
        var path = _bench.Write("signed.eml", signed);
        return await _bench.RunAsync(["cms", "-verify", "-in", path, "-CAfile", _bench.Root, "-purpose", "smimesign", .. options]);
    }
}
