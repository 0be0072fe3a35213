using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Old mail is read, and said to be weak; nothing old is written.</summary>
public sealed class LegacyMailTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("-des3")]
    [InlineData("-rc2-40")]
    [InlineData("-rc2-64")]
    [InlineData("-rc2-128")]
    [InlineData("-des3 -stream")]
    [InlineData("-rc2-128 -stream")]
    public async Task Old_ciphers_are_opened_and_reported_as_weak(string options)
    {
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        var encrypted = await _bench.RunAsync(
            ["cms", "-encrypt", "-provider", "legacy", "-provider", "default", "-in", text, .. options.Split(' '), _bench.CertificateOf(Pki.Bob)]);

        var opened = await Opened.FromAsync(Mail.Message(encrypted));

        Assert.True(opened.Payload is not null, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload));
        Assert.True(Assert.Single(opened.Message.Layers).IsWeak);
    }

    [Fact]
    public async Task What_is_not_old_is_not_weak()
    {
        var opened = await Opened.FromAsync(Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Cbc)));

        Assert.False(Assert.Single(opened.Message.Layers).IsWeak);
    }

    [Theory]
    [InlineData(ContentCipher.TripleDesCbc)]
    [InlineData(ContentCipher.Rc2Cbc40)]
    [InlineData(ContentCipher.Rc2Cbc128)]
    public async Task Nothing_old_is_written(ContentCipher cipher) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Mail.EncryptAsync(Mail.Bytes(Mail.Text), cipher));

    [Fact]
    public async Task A_changed_byte_of_an_old_cipher_is_one_of_many_failures()
    {
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        var encrypted = await _bench.RunAsync(
            "cms", "-encrypt", "-provider", "legacy", "-provider", "default", "-in", text, "-rc2-128", "-outform", "DER", _bench.CertificateOf(Pki.Bob));
        encrypted[^3] ^= 1;

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(encrypted)));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.DecryptionFailed), opened.Message.Failure);
    }
}
