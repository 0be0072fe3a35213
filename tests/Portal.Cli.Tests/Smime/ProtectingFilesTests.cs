using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>`portal smime protect`, `receipt` and `verify-receipt`, with openssl on the other side.</summary>
public sealed class ProtectingFilesTests(SmimeFiles files) : IClassFixture<SmimeFiles>
{
    private const string Note = "From: Alice <alice@example.test>\r\nTo: bob@example.test\r\nBcc: secret@example.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nHällo Bob\r\n";

    [Theory]
    [InlineData("aes256-gcm")]
    [InlineData("aes256-cbc")]
    public async Task What_is_signed_and_encrypted_opens_with_its_header_protected(string cipher)
    {
        var path = await ProtectAsync("--encrypt", files.Bob.CertificateFile, "--cipher", cipher, "--label", "1.2.3.4:3:Staff", "--category", "1.2.3.4.1=cardiology");

        var raw = await File.ReadAllTextAsync(path);
        Assert.Contains("Subject: [...]\r\n", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", raw, StringComparison.Ordinal);
        var (code, json) = await files.OpenAsync(path);
        Assert.Equal((0, "signed-valid"), (code, json.GetProperty("verdict").GetString()));
        Assert.Equal("Hällo Bob", json.GetProperty("text").GetString()!.Trim());
        var states = json.GetProperty("headers").EnumerateArray().ToDictionary(header => header.GetProperty("name").GetString()!, header => header);
        Assert.Equal(("both", "Grüße"), (states["Subject"].GetProperty("state").GetString(), states["Subject"].GetProperty("value").GetString()));
        Assert.Equal("signed", states["From"].GetProperty("state").GetString());
        var label = json.GetProperty("label");
        Assert.Equal(("1.2.3.4", 3, "Staff"), (label.GetProperty("policy").GetString(), label.GetProperty("classification").GetInt32(), label.GetProperty("privacyMark").GetString()));
        Assert.Equal("cardiology", label.GetProperty("categories")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData]
    [InlineData("--opaque")]
    public async Task Openssl_verifies_what_is_signed(params string[] options)
    {
        var path = await ProtectAsync(options);

        var content = (await OpenSsl.RunAsync([], "cms", "-verify", "-in", path, "-CAfile", files.Trust, "-purpose", "smimesign")).Demand();

        Assert.Contains("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n", System.Text.Encoding.UTF8.GetString(content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_is_asked_for_given_and_confirmed()
    {
        var sent = await ProtectAsync("--encrypt", files.Bob.CertificateFile, "--request-receipt");
        var receipt = files.Fresh(".eml");

        var given = await SmimeFiles.RunAsync("receipt", sent, "--key", files.PathOf("bob.p12"), "--password-file", files.PathOf("bob.txt"), "-o", receipt);
        var (code, json) = await VerifyAsync(receipt, sent);

        Assert.Equal(0, given.Code);
        Assert.Contains("alice@example.test", given.Output, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-replied\r\n", await File.ReadAllTextAsync(receipt), StringComparison.Ordinal);
        Assert.Equal((0, "confirmed"), (code, json.GetProperty("result").GetString()));
        Assert.Equal("bob@example.test", json.GetProperty("signature").GetProperty("address").GetString());
    }

    [Fact]
    public async Task A_receipt_for_another_message_is_1()
    {
        var (sent, other, receipt) = (await ProtectAsync("--request-receipt"), await ProtectAsync("--request-receipt"), files.Fresh(".eml"));
        await SmimeFiles.RunAsync("receipt", other, "--key", files.PathOf("open.p12"), "-o", receipt);

        var (code, json) = await VerifyAsync(receipt, sent);

        Assert.Equal((1, "unmatched"), (code, json.GetProperty("result").GetString()));
    }

    // A receipt confirms a signature. What the signature does not fit is confirmed by nobody.
    [Fact]
    public async Task An_original_that_was_changed_since_is_not_confirmed()
    {
        var (sent, receipt) = (await ProtectAsync("--request-receipt"), files.Fresh(".eml"));
        await SmimeFiles.RunAsync("receipt", sent, "--key", files.PathOf("open.p12"), "-o", receipt);
        var (bob, rob) = (Convert.ToBase64String("Hällo Bob"u8)[..^2], Convert.ToBase64String("Hällo Rob"u8)[..^2]);
        var text = await File.ReadAllTextAsync(sent);
        Assert.Contains(bob, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(sent, text.Replace(bob, rob, StringComparison.Ordinal));

        var (code, json) = await VerifyAsync(receipt, sent);

        Assert.Equal((1, "original-broken"), (code, json.GetProperty("result").GetString()));
    }

    [Fact]
    public async Task An_original_that_does_not_open_is_no_other_message()
    {
        var (sent, receipt) = (await ProtectAsync("--encrypt", files.Bob.CertificateFile, "--request-receipt"), files.Fresh(".eml"));
        await SmimeFiles.RunAsync("receipt", sent, "--key", files.PathOf("open.p12"), "-o", receipt);

        var answer = await SmimeFiles.RunAsync("verify-receipt", receipt, "--original", sent, "--trust", files.Trust);

        Assert.Equal(1, answer.Code);
        Assert.Equal("The original does not open: no-matching-key. `portal smime open` says more.", answer.Error.Trim());
    }

    [Fact]
    public async Task A_message_that_asks_for_nothing_gets_no_receipt()
    {
        var receipt = files.Fresh(".eml");

        var answer = await SmimeFiles.RunAsync("receipt", await ProtectAsync(), "--key", files.PathOf("open.p12"), "-o", receipt);

        Assert.Equal(1, answer.Code);
        Assert.Equal("It does not ask for a receipt.", answer.Error.Trim());
        Assert.False(File.Exists(receipt));
    }

    [Fact]
    public async Task What_is_there_already_is_not_written_over()
    {
        var there = files.Write("there.eml", "mine");

        var answer = await SmimeFiles.RunAsync("protect", files.Write("note.eml", Note), "--encrypt", files.Bob.CertificateFile, "-o", there);

        Assert.Equal(1, answer.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(there));
    }

    [Theory]
    [InlineData("Nothing to do")]
    [InlineData("give --sign", "--encrypt", "x.pem", "--label", "1.2.3")]
    [InlineData("--label cannot be", "--sign", "x.p12", "--label", "secret")]
    [InlineData("--label cannot be", "--sign", "x.p12", "--label", "1.2.3:high")]
    [InlineData("--category cannot be", "--sign", "x.p12", "--label", "1.2.3", "--category", "cardiology")]
    [InlineData("--cipher cannot be", "--encrypt", "x.pem", "--cipher", "des3")]
    public async Task A_command_line_that_makes_no_sense_is_2(string words, params string[] options)
    {
        var answer = await SmimeFiles.RunAsync(["protect", "note.eml", .. options, "-o", "out.eml"]);

        Assert.Equal(2, answer.Code);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
    }

    private async Task<string> ProtectAsync(params string[] options)
    {
        var path = files.Fresh(".eml");
        var answer = await SmimeFiles.RunAsync(
            ["protect", files.Write("note.eml", Note), "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), .. options, "-o", path]);
        Assert.True(answer.Code == 0, answer.ToString());
        return path;
    }

    private Task<(int Code, System.Text.Json.JsonElement Json)> VerifyAsync(string receipt, string sent) => SmimeFiles.AskAsync(
        "verify-receipt", receipt, "--original", sent, "--key", files.PathOf("bob.p12"), "--password-file", files.PathOf("bob.txt"), "--trust", files.Trust);
}
