using System.CommandLine;
using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>Whose word counts: `portal smime open` and `receipt` on what openssl and several people have signed.</summary>
public sealed class SeveralSignaturesTests(SmimeFiles files) : IClassFixture<SmimeFiles>
{
    [Theory]
    [InlineData("carol@example.test", "It asks others for a receipt, not bob@example.test.")]
    [InlineData("bob@example.test", "")]
    public async Task Who_is_not_asked_gives_no_receipt(string asked, string words)
    {
        var signed = (await OpenSsl.RunAsync(
            ForeignMail.Text("Read this"), "cms", "-sign", "-signer", files.Alice.CertificateFile, "-inkey", files.Alice.KeyFile, "-md", "sha256",
            "-receipt_request_from", asked, "-receipt_request_to", "alice@example.test")).Demand();
        var (message, receipt) = (files.Fresh(".eml"), files.Fresh(".eml"));
        await File.WriteAllBytesAsync(message, ForeignMail.Message("alice@example.test", "bob@example.test", "Read", signed));

        var answer = await SmimeFiles.RunAsync("receipt", message, "--key", files.PathOf("open.p12"), "-o", receipt);

        Assert.Equal((words.Length > 0 ? 1 : 0, words), (answer.Code, answer.Error.Trim()));
        Assert.Equal(words.Length == 0, File.Exists(receipt));
    }

    [Fact]
    public async Task Labels_that_differ_are_told_and_none_counts()
    {
        var inside = await SignAsync(files.Write("note.eml", "From: alice@example.test\r\n\r\nHello\r\n"), "1.2.3:1");
        var outside = await SignAsync(inside, "1.2.3:4:Secret");

        var (_, json) = await files.OpenAsync(outside);
        var people = await SmimeFiles.RunAsync("open", outside, "--trust", files.Trust);

        Assert.Equal("security-label", Assert.Single(json.GetProperty("disputed").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("label").ValueKind);
        Assert.Equal([4, 1], json.GetProperty("signatures").EnumerateArray().Select(signature => signature.GetProperty("label").GetProperty("classification").GetInt32()));
        Assert.Contains("Signatures differ in security-label", people.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_untrusted_signature_says_is_told_as_such()
    {
        var signed = await SignAsync(files.Write("note.eml", "From: alice@example.test\r\n\r\nHello\r\n"), "1.2.3:1");

        var answer = await SmimeFiles.RunAsync("open", signed);

        Assert.Contains("Label by policy 1.2.3, classification 1 (signed-untrusted)", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pem_in_one_line_opens()
    {
        var structure = (await OpenSsl.RunAsync(ForeignMail.Text("One line"), "cms", "-encrypt", "-aes-256-cbc", "-outform", "DER", files.Bob.CertificateFile)).Demand();

        var answer = await SmimeFiles.RunAsync(
            "open", files.Write("line.pem", $"-----BEGIN CMS-----\n{Convert.ToBase64String(structure)}\n-----END CMS-----\nand more\n"), "--key", files.PathOf("open.p12"));

        Assert.Contains("| One line", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    public async Task A_full_disk_is_said_in_words(params string[] options)
    {
        var error = new StringWriter();
        var message = files.Write("plain.eml", "From: alice@example.test\r\n\r\nHello\r\n");

        var code = await PortalCommand.RunAsync(["smime", "open", message, .. options], new InvocationConfiguration { Output = new FullDisk(), Error = error });

        Assert.Equal((1, "There is no room."), (code, error.ToString().Trim()));
    }

    private async Task<string> SignAsync(string message, string label)
    {
        var output = files.Fresh(".eml");
        var answer = await SmimeFiles.RunAsync("protect", message, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), "--label", label, "-o", output);
        Assert.True(answer.Code == 0, answer.ToString());
        return output;
    }

    private sealed class FullDisk : StringWriter
    {
        public override Task WriteLineAsync(string? value) => throw new IOException("There is no room.");
    }
}
