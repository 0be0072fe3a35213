using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>A signature is valid only for the one address in From.</summary>
public sealed class FromBindingTests
{
    private static readonly string Rest = $"Date: {Mail.Date(Pki.Now)}\r\nMIME-Version: 1.0\r\n";

    [Theory]
    [InlineData("From: alice@example.org\r\n")]
    [InlineData("From: Alice <alice@example.org>\r\n")]
    [InlineData("From: \"Alice, MD\" <alice@example.org>\r\n")]
    [InlineData("From: =?utf-8?q?Al=C3=AFce?= <alice@example.org>\r\n")]
    [InlineData("From: alice@EXAMPLE.org\r\n")]
    [InlineData("From:\r\n Alice\r\n <alice@example.org>\r\n")]
    [InlineData("from: (a comment) alice@example.org\r\n")]
    [InlineData("From: alice@example.org\r\nSender: mallory@evil.example\r\nReply-To: mallory@evil.example\r\n")]
    public async Task The_signer_in_From_is_valid(string header)
    {
        var opened = await OpenAsync(header + Rest);

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal("alice@example.org", $"{opened.Summary.From}");
    }

    // Some readers end a line at CR alone, and see a field that others do not.
    [Fact]
    public async Task A_bare_return_in_the_header_makes_it_malformed()
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);

        var opened = await Opened.FromAsync(Mail.WithHeader($"X: y\rFrom: mallory@evil.example\r\nFrom: alice@example.org\r\nDate: {Mail.Date(Pki.Now)}\r\n", signed));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal([MessageReason.HeaderMalformed], opened.Summary.Reasons);
    }

    [Theory]
    [InlineData("From: ali\rce@example.org\r\n")]
    [InlineData("From: mallory@evil.example\r\n")]
    [InlineData("From: \"alice@example.org\" <mallory@evil.example>\r\n")]
    [InlineData("From: alice@example.org <mallory@evil.example>\r\n")]
    [InlineData("From: <alice@example.org> mallory@evil.example\r\n")]
    [InlineData("From: <alice@example.org> <mallory@evil.example>\r\n")]
    [InlineData("From: =?utf-8?q?alice=40example.org?= <mallory@evil.example>\r\n")]
    [InlineData("From: mallory@evil.example (alice@example.org)\r\n")]
    [InlineData("From:\r\n")]
    [InlineData("From: <>\r\n")]
    [InlineData("")]
    [InlineData("From: alice@example.org\r\nFrom: alice@example.org\r\n")]
    [InlineData("From: alice@example.org\r\nFrom: mallory@evil.example\r\n")]
    [InlineData("From: mallory@evil.example\r\nFrom: alice@example.org\r\n")]
    [InlineData("From : mallory@evil.example\r\nFrom: alice@example.org\r\n")]
    [InlineData("From: alice@example.org\r\nfrom\t: mallory@evil.example\r\n")]
    [InlineData("From: alice@example.org, mallory@evil.example\r\n")]
    [InlineData("From: mallory@evil.example, alice@example.org\r\n")]
    [InlineData("From: Friends: alice@example.org;\r\n")]
    [InlineData("From: undisclosed:;\r\n")]
    [InlineData("From: <@evil.example:alice@example.org>\r\n")]
    [InlineData("From: Alice@example.org\r\n")]
    [InlineData("From: alice@example.org.\r\n")]
    [InlineData("From: alice@example.org.evil.example\r\n")]
    [InlineData("From: alice@example.org\0.evil.example\r\n")]
    [InlineData("From: alice@example.org\rFrom: mallory@evil.example\r\n")]
    [InlineData("From: \"alice\"@example.org\r\n")]
    [InlineData("From: alice@example.org (\r\n")]
    [InlineData("From: ali\u200bce@example.org\r\n")]
    [InlineData("From: \u0430lice@example.org\r\n")]
    [InlineData("From: alice@[192.0.2.1]\r\n")]
    [InlineData("From: mallory@evil.example\r\nSender: alice@example.org\r\n")]
    [InlineData("From: mallory@evil.example\r\nReply-To: alice@example.org\r\n")]
    [InlineData("From: mallory@evil.example\r\nResent-From: alice@example.org\r\n")]
    public async Task Anyone_else_in_From_is_untrusted(string header)
    {
        var opened = await OpenAsync(header + Rest);

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Contains(SignerReason.AddressMismatch, Assert.Single(opened.Summary.Signers).Reasons);
    }

    [Fact]
    public async Task Without_any_Date_the_instant_of_receipt_stands_for_it()
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var message = Mail.WithHeader("From: alice@example.org\r\nMIME-Version: 1.0\r\n", signed);

        var fresh = await Opened.FromAsync(message);
        var replayed = await Opened.FromAsync(message, Opened.Context() with { ReceivedAt = Pki.Now.AddDays(2) });

        Assert.True(fresh.Verdict == Verdict.SignedValid, fresh.Why);
        Assert.Equal([SignerReason.SigningTimeImplausible], Assert.Single(replayed.Summary.Signers).Reasons);
    }

    [Fact]
    public async Task Without_a_readable_Date_the_signing_time_binds_nothing()
    {
        var opened = await OpenAsync("From: alice@example.org\r\nDate: yesterday\r\n");

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(MessageReason.DateNotSingle, Assert.Single(opened.Summary.Reasons));
    }

    [Fact]
    public async Task Two_Dates_are_none()
    {
        var opened = await OpenAsync($"From: alice@example.org\r\n{Rest}Date: {Mail.Date(Pki.Now)}\r\n");

        Assert.Equal(MessageReason.DateNotSingle, Assert.Single(opened.Summary.Reasons));
    }

    [Theory]
    [InlineData(-25)]
    [InlineData(25)]
    public async Task A_Date_more_than_a_day_from_the_signing_time_is_untrusted(int hours)
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);

        var opened = await Opened.FromAsync(Mail.Message(signed, date: Pki.Now.AddHours(hours)));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(SignerReason.SigningTimeImplausible, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task A_line_that_is_no_header_field_is_untrusted()
    {
        var opened = await OpenAsync($"From: alice@example.org\r\nno field at all\r\n{Rest}");

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Contains(MessageReason.HeaderMalformed, opened.Summary.Reasons);
    }

    [Fact]
    public async Task Two_Content_Types_are_untrusted()
    {
        var opened = await OpenAsync($"From: alice@example.org\r\n{Rest}", "Content-Type: text/plain\r\n");

        Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
    }

    private static async Task<Opened> OpenAsync(string header, string between = "")
    {
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        return await Opened.FromAsync(
            between.Length == 0 ? Mail.WithHeader(header, signed) : [.. Mail.Bytes(header), .. InsertAfterType(signed, between)]);
    }

    // The second Content-Type comes after the one of multipart/signed, so that the first still governs.
    private static byte[] InsertAfterType(byte[] signed, string line) =>
        Mail.Bytes(Mail.String(signed).Replace("\r\n\r\n--", $"\r\n{line}\r\n--", StringComparison.Ordinal));
}
