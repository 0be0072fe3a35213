using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
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
    [InlineData("--label cannot be", "--sign", "x.p12", "--label", "1.50.3")]
    [InlineData("--label goes beyond RFC 2634", "--sign", "x.p12", "--label", "1.2.3:257")]
    [InlineData("--category cannot be", "--sign", "x.p12", "--label", "1.2.3", "--category", "3.1.2=x")]
    [InlineData("--opaque is a way to sign", "--encrypt", "x.pem", "--opaque")]
    [InlineData("--cipher is a way to encrypt", "--sign", "x.p12", "--cipher", "aes256-cbc")]
    [InlineData("--category cannot be", "--sign", "x.p12", "--label", "1.2.3", "--category", "cardiology")]
    [InlineData("--cipher cannot be", "--encrypt", "x.pem", "--cipher", "des3")]
    public async Task A_command_line_that_makes_no_sense_is_2(string words, params string[] options)
    {
        var answer = await SmimeFiles.RunAsync(["protect", "note.eml", .. options, "-o", "out.eml"]);

        Assert.Equal(2, answer.Code);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_signing_time_is_the_clocks_and_not_the_dates()
    {
        var (written, sealedPath) = (TimeProvider.System.GetUtcNow().AddHours(-5), files.Fresh(".eml"));
        var note = files.Write("earlier.eml", $"Date: {written:r}\r\n{Note}");

        var answer = await SmimeFiles.RunAsync("protect", note, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), "-o", sealedPath);

        Assert.True(answer.Code == 0, answer.ToString());
        var (_, json) = await files.OpenAsync(sealedPath);
        Assert.Equal("signed-valid", json.GetProperty("verdict").GetString());
        Assert.InRange(json.GetProperty("signatures")[0].GetProperty("signingTime").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("Date: Thu, 1 Jan 2026 08:00:00 +0000\r\n", "The message is dated 2026-01-01 08:00:00Z, more than a day from now")]
    [InlineData("Date: yesterday\r\n", "The message's Date cannot be read")]
    [InlineData("Date: Thu, 1 Jan 2026 08:00:00 +0000\r\nDate: Thu, 1 Jan 2026 09:00:00 +0000\r\n", "The message's Date cannot be read, or is there twice")]
    public async Task A_date_that_no_reader_would_accept_is_refused(string date, string words) =>
        await RefusedAsync(words, files.Write("dated.eml", date + Note), "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"));

    [Fact]
    public async Task What_is_not_signed_may_be_as_old_as_it_likes()
    {
        var note = files.Write("old.eml", $"Date: Thu, 1 Jan 2026 08:00:00 +0000\r\n{Note}");

        var answer = await SmimeFiles.RunAsync("protect", note, "--encrypt", files.Bob.CertificateFile, "-o", files.Fresh(".eml"));

        Assert.True(answer.Code == 0, answer.ToString());
    }

    [Fact]
    public async Task Nothing_is_encrypted_for_a_certificate_that_cannot_receive()
    {
        var (now, authority, note) = (TimeProvider.System.GetUtcNow(), files.Authority, files.Write("note.eml", Note));
        var expired = authority.Issue("bob@example.test", now.AddYears(-2), now.AddDays(-1));
        var early = authority.Issue("bob@example.test", now.AddDays(1));
        var signing = authority.Issue("bob@example.test", usages: X509KeyUsageFlags.DigitalSignature);
        var web = authority.Issue("bob@example.test", purpose: "1.3.6.1.5.5.7.3.1");

        await RefusedAsync("The certificate of CN=bob expired at ", note, "--encrypt", expired.CertificateFile);
        await RefusedAsync("The certificate of CN=bob is not valid before ", note, "--encrypt", early.CertificateFile);
        await RefusedAsync("The certificate of CN=bob is not for encryption", note, "--encrypt", signing.CertificateFile);
        await RefusedAsync("The certificate of CN=bob is not for mail", note, "--encrypt", files.Bob.CertificateFile, "--encrypt", web.CertificateFile);
    }

    [Fact]
    public async Task What_cannot_be_written_to_its_end_is_not_there()
    {
        var directory = Directory.CreateDirectory(files.Fresh("")).FullName;
        var file = new FileInfo(Path.Combine(directory, "out.eml"));

        await Assert.ThrowsAsync<IOException>(() => NamedFile.WriteAsync(file, async stream =>
        {
            await stream.WriteAsync(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Empty(Directory.GetFiles(directory));

        await NamedFile.WriteAsync(file, stream => stream.WriteAsync(new byte[] { 1, 2 }).AsTask());
        Assert.Equal([file.FullName], Directory.GetFiles(directory));
        await Assert.ThrowsAsync<IOException>(() => NamedFile.WriteAsync(file, _ => Task.CompletedTask));
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(file.FullName));
    }

    [Fact]
    public async Task A_certificate_writes_no_orders_on_the_terminal()
    {
        var note = files.Write("note.eml", Note);
        using var key = RSA.Create(2048);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("Bob\u001b[2J\r\nOpened. Verdict: signed-valid");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var expired = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(-1));
        var certificate = files.Write("orders.pem", expired.ExportCertificatePem());

        var answer = await SmimeFiles.RunAsync("protect", note, "--encrypt", certificate, "-o", files.Fresh(".eml"));

        Assert.Equal(1, answer.Code);
        Assert.DoesNotContain('\u001b', answer.Error);
        Assert.Single(answer.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Nothing_is_signed_with_a_certificate_that_no_reader_would_accept()
    {
        await files.KeyFileAsync(files.Authority.Issue("alice@example.test", validUntil: TimeProvider.System.GetUtcNow().AddDays(-1)), "expired.p12", string.Empty);

        await RefusedAsync("expired.p12: The certificate of CN=alice expired at ", files.Write("note.eml", Note), "--sign", files.PathOf("expired.p12"));
    }

    [Theory]
    [InlineData("From: Bob <bob@example.test>\r\n", "address-mismatch")]
    [InlineData("From: alice@example.test, bob@example.test\r\n", "from-not-single")]
    [InlineData("From: alice@example.test\r\nFrom: alice@example.test\r\n", "from-not-single")]
    [InlineData("", "from-not-single")]
    public async Task Readers_objections_are_a_warning(string from, string warning)
    {
        var (note, path) = (files.Write("from.eml", $"{from}To: bob@example.test\r\nSubject: x\r\n\r\nx\r\n"), files.Fresh(".eml"));

        var (code, json) = await SmimeFiles.AskAsync("protect", note, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), "-o", path);

        Assert.Equal((0, warning), (code, Assert.Single(json.GetProperty("warnings").EnumerateArray()).GetString()));
        var (_, opened) = await files.OpenAsync(path);
        Assert.Contains(
            opened.GetProperty("reasons").EnumerateArray().Concat(opened.GetProperty("signatures")[0].GetProperty("reasons").EnumerateArray()),
            reason => reason.GetString() == warning);
    }

    [Fact]
    public async Task A_certificate_for_anything_and_a_signature_around_ciphertext_are_a_warning()
    {
        var (note, sealedPath) = (files.Write("note.eml", Note), files.Fresh(".eml"));
        await files.KeyFileAsync(files.Authority.Issue("alice@example.test", usages: null, purpose: null), "anything.p12", string.Empty);
        await SmimeFiles.RunAsync("protect", note, "--encrypt", files.Bob.CertificateFile, "-o", sealedPath);

        var (anything, path) = (files.Fresh(".eml"), files.Fresh(".eml"));
        await WarnedAsync(anything, "unrestricted-certificate", note, "--sign", files.PathOf("anything.p12"));
        await WarnedAsync(path, "signs-ciphertext-only", sealedPath, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"));

        var (_, first) = await files.OpenAsync(anything);
        Assert.Contains("unrestricted-certificate", first.GetProperty("signatures")[0].GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
        var (_, second) = await files.OpenAsync(path);
        Assert.Contains("signs-ciphertext-only", second.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()));
    }

    [Fact]
    public async Task What_is_signed_already_keeps_its_header_when_it_is_encrypted()
    {
        var (signed, path) = (await ProtectAsync(), files.Fresh(".eml"));

        await WarnedAsync(path, "header-as-it-was", signed, "--encrypt", files.Bob.CertificateFile);

        var (_, json) = await files.OpenAsync(path);
        Assert.Equal("signed-valid", json.GetProperty("verdict").GetString());
        Assert.Empty(json.GetProperty("headerProtection").GetProperty("tampered").EnumerateArray());
        Assert.Equal("Grüße", Assert.Single(json.GetProperty("headers").EnumerateArray(), header => header.GetProperty("name").GetString() == "Subject").GetProperty("value").GetString());
    }

    [Fact]
    public async Task What_others_sign_in_their_own_way_is_content_like_any_other()
    {
        const string Pgp = "From: alice@example.test\r\nSubject: Secret\r\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n\r\n"
            + "--b\r\n\r\nHello\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n";
        var path = files.Fresh(".eml");

        var (_, json) = await SmimeFiles.AskAsync("protect", files.Write("pgp.eml", Pgp), "--encrypt", files.Bob.CertificateFile, "-o", path);

        Assert.Empty(json.GetProperty("warnings").EnumerateArray());
        Assert.Contains("Subject: [...]\r\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_of_an_earlier_protection_are_not_carried_on()
    {
        var (note, path) = (files.Write("hp.eml", Note.Replace("charset=utf-8\r\n", "charset=utf-8; hp=\"clear\"\r\nHP-Outer: Subject: Old\r\n", StringComparison.Ordinal)), files.Fresh(".eml"));

        await SmimeFiles.RunAsync("protect", note, "--encrypt", files.Bob.CertificateFile, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), "-o", path);

        var (_, json) = await files.OpenAsync(path);
        Assert.Empty(json.GetProperty("headerProtection").GetProperty("tampered").EnumerateArray());
        Assert.Equal("both", Assert.Single(json.GetProperty("headers").EnumerateArray(), header => header.GetProperty("name").GetString() == "Subject").GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_servers_added_on_the_way_stays_outside()
    {
        var (note, path) = (files.Write("received.eml", $"Received: from a by b; Sat, 28 Nov 2026 08:00:00 +0000\r\nDKIM-Signature: v=1\r\n{Note}"), files.Fresh(".eml"));

        await SmimeFiles.RunAsync("protect", note, "--sign", files.PathOf("alice.p12"), "--password-file", files.PathOf("alice.txt"), "-o", path);

        Assert.Single(Regex.Matches(await File.ReadAllTextAsync(path), "^(Received|DKIM-Signature): ", RegexOptions.Multiline), match => match.Value == "Received: ");
        var (_, json) = await files.OpenAsync(path);
        Assert.Equal("signed-valid", json.GetProperty("verdict").GetString());
        Assert.All(json.GetProperty("headers").EnumerateArray(), header => Assert.Equal(
            header.GetProperty("name").GetString() is "Received" or "DKIM-Signature" ? "unprotected" : "signed", header.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Another_sender_outside_is_said()
    {
        var (note, path) = (files.Write("note.eml", Note), files.Fresh(".eml"));
        await SmimeFiles.RunAsync("protect", note, "--encrypt", files.Bob.CertificateFile, "-o", path);
        var forged = files.Write("forged.eml", (await File.ReadAllTextAsync(path)).Replace("From: Alice <alice@", "From: Mallory <mallory@", StringComparison.Ordinal));

        var answer = await SmimeFiles.RunAsync("open", forged, "--key", files.PathOf("bob.p12"), "--password-file", files.PathOf("bob.txt"));

        Assert.Contains("Outside, From names somebody else than inside", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_from_somebody_to_whom_it_was_not_addressed_says_so()
    {
        await files.KeyFileAsync(files.Authority.Issue("dora@example.test"), "dora.p12", string.Empty);
        var (sent, hers, his) = (await ProtectAsync("--request-receipt"), files.Fresh(".eml"), files.Fresh(".eml"));
        await SmimeFiles.RunAsync("receipt", sent, "--key", files.PathOf("dora.p12"), "-o", hers);
        await SmimeFiles.RunAsync("receipt", sent, "--key", files.PathOf("open.p12"), "-o", his);

        var (_, unexpected) = await VerifyAsync(hers, sent);
        var (_, expected) = await VerifyAsync(his, sent);

        Assert.Equal(("confirmed", false), (unexpected.GetProperty("result").GetString(), unexpected.GetProperty("addressed").GetBoolean()));
        Assert.Contains("does not name this reader", unexpected.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal(("confirmed", true), (expected.GetProperty("result").GetString(), expected.GetProperty("addressed").GetBoolean()));
    }

    private async Task RefusedAsync(string words, string note, params string[] options)
    {
        var path = files.Fresh(".eml");

        var answer = await SmimeFiles.RunAsync(["protect", note, .. options, "-o", path]);

        Assert.Equal(1, answer.Code);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static async Task WarnedAsync(string path, string warning, string note, params string[] options)
    {
        var (code, json) = await SmimeFiles.AskAsync(["protect", note, .. options, "-o", path]);
        Assert.Equal((0, warning), (code, Assert.Single(json.GetProperty("warnings").EnumerateArray()).GetString()));
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
