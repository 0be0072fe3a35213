using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>`portal smime open` on what openssl made: why does this message not open?</summary>
public sealed class OpeningFilesTests(SmimeFiles files) : IClassFixture<SmimeFiles>
{
    private const string Text = "The patient is well.";

    [Fact]
    public async Task A_signed_and_encrypted_message_opens_and_says_everything()
    {
        var signed = await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice);
        var path = await MessageAsync(await ForeignMail.EncryptAsync(signed, files.Bob.CertificateFile));

        var (code, json) = await files.OpenAsync(path);

        Assert.Equal(0, code);
        Assert.Equal("signed-valid", json.GetProperty("verdict").GetString());
        Assert.True(json.GetProperty("encrypted").GetBoolean());
        Assert.Equal(Text, json.GetProperty("text").GetString()!.Trim());
        var signature = json.GetProperty("signatures")[0];
        Assert.Equal("valid", signature.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, signature.GetProperty("reason").ValueKind);
        Assert.Equal("not-published", signature.GetProperty("revocation").GetString());
        Assert.Equal("not-published", json.GetProperty("revocation").GetString());
        Assert.Equal(["enveloped", "clear-signed"], json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("kind").GetString()));
        Assert.All(json.GetProperty("headers").EnumerateArray(), header => Assert.Equal("unprotected", header.GetProperty("state").GetString()));
        Assert.Equal(
            ["structure", "layer", "key", "content", "layer", "signature", "certificate", "address", "signing-time", "header", "verdict"],
            json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()));
    }

    [Fact]
    public async Task The_same_is_said_to_people()
    {
        var signed = await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice);
        var path = await MessageAsync(await ForeignMail.EncryptAsync(signed, files.Bob.CertificateFile, "-aes-256-gcm"));

        var answer = await SmimeFiles.RunAsync("open", path, "--key", files.PathOf("open.p12"), "--trust", files.Trust);

        Assert.Equal(0, answer.Code);
        Assert.StartsWith("Opened. Verdict: signed-valid, encrypted", answer.Output, StringComparison.Ordinal);
        Assert.Contains("auth-enveloped, AES-256-GCM", answer.Output, StringComparison.Ordinal);
        Assert.Contains(Text, answer.Output, StringComparison.Ordinal);
    }

    // ESC [2J clears a terminal; what is written after it would stand where our words stood.
    [Fact]
    public async Task A_message_does_not_write_on_the_terminal_what_the_command_says()
    {
        const string forged = "Opened. Verdict: signed-valid";
        var path = await MessageAsync(Encoding.UTF8.GetBytes(
            $"Subject: =?utf-8?q?=1B[2J=0A{forged.Replace(' ', '_')}?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\u001b[2J\u009b2J\u202e{forged}\r\n{forged}\r\n"));

        var answer = await SmimeFiles.RunAsync("open", path);

        Assert.DoesNotContain(answer.Output, character => (char.IsControl(character) && character is not ('\r' or '\n' or '\t')) || character == '\u202e');
        Assert.DoesNotContain(answer.Output.Split('\n'), line => line.StartsWith(forged, StringComparison.Ordinal));
        Assert.Contains($"| {forged}", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_that_fits_the_step_that_fails_is_named()
    {
        var path = await MessageAsync(await ForeignMail.EncryptAsync(ForeignMail.Text(Text), files.Alice.CertificateFile));

        var (code, json) = await files.OpenAsync(path);

        Assert.Equal(1, code);
        Assert.False(json.GetProperty("opened").GetBoolean());
        Assert.Equal("no-matching-key", json.GetProperty("failure").GetProperty("kind").GetString());
        Assert.Equal("key", Assert.Single(Failed(json)).GetProperty("step").GetString());
        var recipient = json.GetProperty("layers")[0].GetProperty("recipients")[0];
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(files.Alice.CertificateFile);
        Assert.Equal("key-transport", recipient.GetProperty("kind").GetString());
        Assert.Equal(certificate.Issuer, recipient.GetProperty("issuer").GetString());
        Assert.Equal(certificate.SerialNumber.TrimStart('0'), recipient.GetProperty("serialNumber").GetString()!.TrimStart('0'));
        Assert.Equal(JsonValueKind.Null, recipient.GetProperty("keyIdentifier").ValueKind);
        Assert.Contains($"Layer 1 is for certificate {recipient.GetProperty("serialNumber").GetString()} of {certificate.Issuer} by key-transport", (await SmimeFiles.RunAsync("open", path)).Output, StringComparison.Ordinal);
    }

    // RFC 9788 §4.5.3: the subject is in the header, so nobody has to read it twice.
    [Fact]
    public async Task What_stands_in_html_for_older_readers_is_left_out()
    {
        var html = Encoding.UTF8.GetBytes(
            "Subject: Inside\r\nContent-Type: text/html; charset=utf-8; hp=\"cipher\"; hp-legacy-display=\"1\"\r\n\r\n"
            + $"<html><body><div class=\"header-protection-legacy-display\"><pre>Subject: Inside</pre></div><p>{Text}</p></body></html>\r\n");
        var path = await MessageAsync(await ForeignMail.EncryptAsync(html, files.Bob.CertificateFile));

        var (_, json) = await files.OpenAsync(path);

        var text = json.GetProperty("text").GetString();
        Assert.Contains(Text, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Inside", text, StringComparison.Ordinal);
        Assert.Contains(json.GetProperty("headers").EnumerateArray(), header => header.GetProperty("name").GetString() == "Subject" && header.GetProperty("value").GetString() == "Inside");
    }

    [Fact]
    public async Task A_changed_text_fails_at_the_signature()
    {
        var signed = Encoding.UTF8.GetString(await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice));
        var path = await MessageAsync(Encoding.UTF8.GetBytes(signed.Replace("well", "hell", StringComparison.Ordinal)));

        var (code, json) = await files.OpenAsync(path);

        Assert.Equal(0, code);
        Assert.Equal("signed-invalid", json.GetProperty("verdict").GetString());
        Assert.Equal("invalid", json.GetProperty("signatures")[0].GetProperty("state").GetString());
        Assert.Equal("digest-mismatch", json.GetProperty("signatures")[0].GetProperty("reason").GetString());
        Assert.Equal(["signature", "verdict"], Failed(json).Select(step => step.GetProperty("step").GetString()));
    }

    [Fact]
    public async Task Without_trust_a_signature_is_untrusted_and_the_certificate_is_why()
    {
        var path = await MessageAsync(await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice));

        var (_, json) = await SmimeFiles.AskAsync("open", path);

        Assert.Equal("signed-untrusted", json.GetProperty("verdict").GetString());
        Assert.Equal("unknown-authority", json.GetProperty("signatures")[0].GetProperty("reason").GetString());
        Assert.Equal(["certificate", "verdict"], Failed(json).Select(step => step.GetProperty("step").GetString()));
    }

    [Fact]
    public async Task The_time_of_judgement_can_be_chosen()
    {
        var path = await MessageAsync(await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice));

        var (_, json) = await files.OpenAsync(path, "--at", "2060-01-01");

        Assert.Equal("expired", json.GetProperty("signatures")[0].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("DER")]
    [InlineData("PEM")]
    public async Task A_bare_structure_opens_as_well(string form)
    {
        var text = files.Write("text", ForeignMail.Text(Text));
        var structure = (await OpenSsl.RunAsync([], "cms", "-encrypt", "-aes256", "-in", text, "-outform", form, files.Bob.CertificateFile)).Demand();

        var (code, json) = await files.OpenAsync(files.Write($"bare.{form}", structure));

        Assert.Equal(0, code);
        Assert.Equal(Text, json.GetProperty("text").GetString()!.Trim());
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_words()
    {
        var path = await MessageAsync(ForeignMail.Text(Text));

        var (code, json) = await SmimeFiles.AskAsync("open", path, "--key", files.PathOf("bob.p12"), "--password-file", files.PathOf("alice.txt"));

        Assert.Equal(1, code);
        Assert.Equal("bob.p12: It is no PKCS#12 file, or the password is wrong.", json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_file_that_is_no_authority_is_said_in_words()
    {
        var (code, json) = await SmimeFiles.AskAsync("open", await MessageAsync(ForeignMail.Text(Text)), "--trust", files.PathOf("bob.txt"));

        Assert.Equal(1, code);
        Assert.Equal("bob.txt is no certificate in PEM or DER.", json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Without_any_key_that_is_said()
    {
        var path = await MessageAsync(await ForeignMail.EncryptAsync(ForeignMail.Text(Text), files.Alice.CertificateFile));

        Assert.Contains("No key was given", (await SmimeFiles.RunAsync("open", path)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_were_tried_are_named()
    {
        var path = await MessageAsync(await ForeignMail.EncryptAsync(ForeignMail.Text(Text), files.Alice.CertificateFile));

        var (_, json) = await SmimeFiles.AskAsync("open", path, "--key", files.PathOf("open.p12"));
        var answer = await SmimeFiles.RunAsync("open", path, "--key", files.PathOf("open.p12"));

        var key = Assert.Single(json.GetProperty("keys").EnumerateArray());
        Assert.Equal(("open.p12", "CN=bob", false), (key.GetProperty("file").GetString(), key.GetProperty("subject").GetString(), key.GetProperty("fits").GetBoolean()));
        Assert.Contains($"open.p12 has the key of certificate {key.GetProperty("serialNumber").GetString()} of CN=Test authority", answer.Output, StringComparison.Ordinal);
        (_, json) = await SmimeFiles.AskAsync("open", await MessageAsync(await ForeignMail.EncryptAsync(ForeignMail.Text(Text), files.Bob.CertificateFile)), "--key", files.PathOf("open.p12"));
        Assert.True(json.GetProperty("keys")[0].GetProperty("fits").GetBoolean());
    }

    [Fact]
    public async Task A_message_under_a_password_is_for_whoever_knows_it()
    {
        var entity = (await OpenSsl.RunAsync(ForeignMail.Text(Text), "cms", "-encrypt", "-aes256", "-pwri_password", "shared")).Demand();

        var answer = await SmimeFiles.RunAsync("open", await MessageAsync(entity));

        Assert.Equal(1, answer.Code);
        Assert.Contains("Layer 1 is for whoever knows a password", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_that_breaks_a_path_is_named()
    {
        var path = await MessageAsync(await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice));

        var (_, json) = await files.OpenAsync(path, "--at", "2060-01-01");

        var problem = Assert.Single(Failed(json), step => step.GetProperty("step").GetString() == "certificate").GetProperty("path");
        Assert.Equal("expired", problem.GetProperty("reason").GetString());
        Assert.Contains($"expired at {problem.GetProperty("failed").GetString()}", (await SmimeFiles.RunAsync("open", path, "--trust", files.Trust, "--at", "2060-01-01")).Output, StringComparison.Ordinal);
    }

    // RFC 8550 §4.4.2 and §4.4.4 let such a certificate sign mail; the portal does not, unless it is told to.
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_certificate_that_does_not_say_what_it_is_for_is_accepted_when_asked_to(bool hasUsages, bool hasPurpose)
    {
        var vague = files.Authority.Issue(
            "alice@example.test",
            usages: hasUsages ? X509KeyUsageFlags.DigitalSignature : null,
            purpose: hasPurpose ? "1.3.6.1.5.5.7.3.4" : null);
        var path = await MessageAsync(await ForeignMail.SignAsync(ForeignMail.Text(Text), vague));

        var (_, strict) = await files.OpenAsync(path);
        var (_, lenient) = await files.OpenAsync(path, "--unrestricted", "accept");

        Assert.Equal("unrestricted-certificate", strict.GetProperty("signatures")[0].GetProperty("reason").GetString());
        Assert.Equal("signed-valid", lenient.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Further_services_are_told()
    {
        var alice = Assert.Single(Pkcs12File.Read(await File.ReadAllBytesAsync(files.PathOf("alice.p12")), "alice's password"));
        var reference = ContentIdentifier.New();
        var services = new EnhancedServices
        {
            SecurityLabel = new SecurityLabel("1.2.3.4") { Classification = 3 },
            EquivalentLabels = [new SecurityLabel("1.2.3.5") { Classification = 4 }],
            ContentHints = new ContentHints("1.2.840.113549.1.7.1", "Lab results"),
            ContentReference = new ContentReference("1.2.840.113549.1.7.1", reference, new byte[] { 1, 2, 3 }),
        };
        using var signed = new MemoryStream();
        await SignedEntity.WriteAsync(
            new MemoryStream(ForeignMail.Text(Text)),
            [new Signer(alice.Certificate, [], alice.Key, SignatureScheme.RsaPkcs1Sha256)],
            SignedForm.Detached,
            new SigningProperties(TimeProvider.System.GetUtcNow()) { Services = services },
            signed,
            CancellationToken.None);
        var path = await MessageAsync(signed.ToArray());

        var (_, json) = await files.OpenAsync(path);
        var answer = await SmimeFiles.RunAsync("open", path);

        var equivalent = Assert.Single(json.GetProperty("equivalentLabels").EnumerateArray());
        Assert.Equal(("1.2.3.5", 4), (equivalent.GetProperty("policy").GetString(), equivalent.GetProperty("classification").GetInt32()));
        Assert.Equal("Lab results", json.GetProperty("contentHints").GetProperty("description").GetString());
        Assert.Equal(reference.ToString(), json.GetProperty("contentReference").GetProperty("contentIdentifier").GetString());
        Assert.Contains("The same by policy 1.2.3.5, classification 4", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Says that inside is data: Lab results", answer.Output, StringComparison.Ordinal);
        Assert.Contains($"Refers to the content {reference}", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_a_certificate_is_recognised()
    {
        var request = (await OpenSsl.RunAsync(
            [], "req", "-new", "-key", files.Bob.KeyFile, "-subj", "/CN=Bob Baker", "-addext", "subjectAltName=email:bob@example.test", "-outform", "DER")).Demand();
        var broken = request.ToArray();
        broken[^1] ^= 1;

        var (code, json) = await files.OpenAsync(await RequestAsync(request));
        var (_, forged) = await files.OpenAsync(await RequestAsync(broken));
        var (_, garbage) = await files.OpenAsync(await RequestAsync([1, 2, 3]));

        var found = json.GetProperty("certificationRequest");
        Assert.Equal((0, "proven", "CN=Bob Baker"), (code, found.GetProperty("state").GetString(), found.GetProperty("subject").GetString()));
        Assert.Equal("bob@example.test", Assert.Single(found.GetProperty("addresses").EnumerateArray()).GetString());
        Assert.Equal("smime.p10", Assert.Single(json.GetProperty("attachments").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("not-proven", forged.GetProperty("certificationRequest").GetProperty("state").GetString());
        Assert.Equal("malformed", garbage.GetProperty("certificationRequest").GetProperty("state").GetString());
        Assert.Contains("Is a request for a certificate, proven: CN=Bob Baker for bob@example.test", (await SmimeFiles.RunAsync("open", await RequestAsync(request))).Output, StringComparison.Ordinal);

        Task<string> RequestAsync(byte[] der) => MessageAsync(Encoding.ASCII.GetBytes(
            $"Content-Type: application/pkcs10; name=smime.p10\r\nContent-Disposition: attachment; filename=smime.p10\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(der, Base64FormattingOptions.InsertLineBreaks)}\r\n"));
    }

    [Fact]
    public async Task What_comes_through_a_pipe_opens_as_well()
    {
        var (content, pipe) = (ForeignMail.Message("alice@example.test", "bob@example.test", "Visit", ForeignMail.Text(Text)), files.Fresh(".pipe"));
        await System.Diagnostics.Process.Start("mkfifo", pipe).WaitForExitAsync();

        var writing = Task.Run(() => File.WriteAllBytesAsync(pipe, content));
        var answer = await SmimeFiles.RunAsync("open", pipe);
        await writing;

        Assert.True(answer.Code == 0, answer.ToString());
        Assert.Contains($"| {Text}", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task Any_time_may_be_asked_about(string at)
    {
        var (code, json) = await SmimeFiles.AskAsync("open", await MessageAsync(await ForeignMail.SignAsync(ForeignMail.Text(Text), files.Alice)), "--trust", files.Trust, "--at", at);

        Assert.Equal((0, "signed-untrusted"), (code, json.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task Certificates_that_are_all_of_a_message_are_listed()
    {
        var path = files.Fresh(".p7c");
        (await OpenSsl.RunAsync([], ["crl2pkcs7", "-nocrl", "-certfile", files.Bob.CertificateFile, "-outform", "DER", "-out", path])).Demand();

        var answer = await SmimeFiles.RunAsync("open", path);

        Assert.Contains($" of {files.Bob.Certificate.Issuer}: CN=bob for bob@example.test, until {files.Bob.Certificate.NotAfter.ToUniversalTime():u}", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--trust")]
    [InlineData("--crl")]
    [InlineData("--key")]
    public async Task What_never_ends_is_not_read_to_its_end(string option)
    {
        var answer = await SmimeFiles.RunAsync("open", await MessageAsync(ForeignMail.Text(Text)), option, "/dev/zero");

        Assert.Equal((1, "zero is longer than 67108864 bytes: no certificate, list or key is."), (answer.Code, answer.Error.Trim()));
    }

    [Theory]
    [InlineData("empty", "is empty")]
    [InlineData("garbage", "is no message")]
    [InlineData("marked", "with a byte order mark")]
    [InlineData("bob.p12", "no CMS structure in DER")]
    [InlineData("certificate.der", "no CMS structure in DER")]
    [InlineData("certificate.pem", "is a certificate, no message")]
    [InlineData("key.pem", "is a private key, no message")]
    [InlineData("request.pem", "is a CERTIFICATE REQUEST in PEM, no message")]
    public async Task What_is_no_message_is_called_by_its_name(string name, string words)
    {
        files.Write("empty", string.Empty);
        files.Write("marked", "\ufeffFrom: alice@example.test\r\n\r\nHello\r\n");
        files.Write("garbage", [.. Enumerable.Range(0, 5000).Select(number => (byte)((number * 7) ^ (number >> 3)))]);
        files.Write("certificate.der", files.Bob.Certificate.RawData);
        files.Write("certificate.pem", files.Bob.Certificate.ExportCertificatePem());
        files.Write("key.pem", File.ReadAllBytes(files.Bob.KeyFile));
        files.Write("request.pem", "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n");

        var (code, json) = await files.OpenAsync(files.PathOf(name));
        var protect = await SmimeFiles.RunAsync("protect", files.PathOf(name), "--encrypt", files.Bob.CertificateFile, "-o", files.Fresh(".eml"));

        Assert.Equal(1, code);
        Assert.StartsWith($"{name} ", json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(words, json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, protect.Code);
        Assert.StartsWith($"{name} is ", protect.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_names_every_property()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "../../../../../docs/smime-command.md"));
        var reports = typeof(PortalCommand).Assembly.GetTypes()
            .Where(type => type.Namespace == "Portal.Cli.Smime" && type.Name.EndsWith("Report", StringComparison.Ordinal) && type.GetProperties().Length > 0);
        Assert.All(
            reports.SelectMany(type => type.GetProperties()).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Distinct(),
            name => Assert.Contains($"`{name}`", document, StringComparison.Ordinal));
    }

    private Task<string> MessageAsync(byte[] entity) =>
        Task.FromResult(files.Write($"{Guid.NewGuid():N}.eml", ForeignMail.Message("Alice <alice@example.test>", "bob@example.test", "Visit", entity)));

    private static List<JsonElement> Failed(JsonElement json) =>
        json.GetProperty("steps").EnumerateArray().Where(step => step.GetProperty("outcome").GetString() == "failed").ToList();
}
