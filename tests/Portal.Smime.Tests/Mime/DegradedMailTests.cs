using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Mail that gateways and lists have made worse on its way, and that can still be read.</summary>
public sealed class DegradedMailTests
{
    [Theory]
    [InlineData("Content-Type: application/octet-stream; name=smime.p7m")]
    [InlineData("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"SMIME.P7M\"")]
    [InlineData("Content-Disposition: attachment;\r\n filename*=utf-8''s%6dime.p7z\r\nContent-Type: application/octet-stream")]
    [InlineData("Content-Type: application/x-pkcs7-mime")]
    public async Task A_type_that_was_lost_is_known_by_the_name(string header)
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"{header}\r\nContent-Transfer-Encoding: base64\r\n\r\n{await BodyAsync()}\r\n")));

        Assert.True(opened.Payload is not null, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload));
    }

    [Theory]
    [InlineData("Content-Type: application/octet-stream; name=report.pdf")]
    [InlineData("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"smime.p7m.exe\"")]
    [InlineData("Content-Type: text/plain; name=smime.p7m")]
    public async Task What_only_looks_so_is_content_like_any_other(string header)
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"{header}\r\nContent-Transfer-Encoding: base64\r\n\r\n{await BodyAsync()}\r\n")));

        Assert.Empty(opened.Message.Layers);
        Assert.NotNull(opened.Payload);
    }

    [Fact]
    public async Task A_degraded_part_further_inside_is_told_and_left_alone()
    {
        var inside = $"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{await BodyAsync()}";

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n{inside}\r\n--b--\r\n")));

        Assert.Equal(new ErrantLayer("application/octet-stream", 1), Assert.Single(opened.Message.ErrantLayers));
        Assert.Empty(opened.Message.Layers);
    }

    [Theory]
    [InlineData("\r\n_______________\r\nmailing list - https://lists.example.org/\r\n")]
    [InlineData("\r\n\r\nSent by the list, to everybody in it\r\n")]
    [InlineData("\r\nAAAA\r\n")]
    public async Task Lines_below_are_not_missed_and_not_shown(string footer)
    {
        foreach (var text in new[] { Mail.Text, Mail.Text + "a", Mail.Text + "ab" })
        {
            var body = await BodyAsync(text);

            var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}{footer}")));

            Assert.True(opened.Payload is not null, opened.Why);
            Assert.Equal(text, Mail.String(opened.Payload));
        }
    }

    [Fact]
    public async Task Base64_without_its_padding_and_with_strangers_is_read()
    {
        var body = (await BodyAsync()).TrimEnd('=').Replace("\r\n", "\r\n> ", StringComparison.Ordinal);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes($"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n> {body}")));

        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    // Of each length modulo three, so that the end is padded once, twice and not at all.
    private static async Task<string> BodyAsync(string text = Mail.Text) => Convert.ToBase64String(
        Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(text), ContentCipher.Aes256Gcm)), Base64FormattingOptions.InsertLineBreaks);
}
