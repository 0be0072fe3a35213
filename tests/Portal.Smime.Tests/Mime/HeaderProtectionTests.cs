using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>What we write by RFC 9788, and what attackers write.</summary>
public sealed class HeaderProtectionTests
{
    private static readonly HeaderField[] Header =
    [
        new("From", " Alice <alice@example.org>"),
        new("To", " bob@example.org"),
        new("Subject", " Lab results of Friday,\r\n folded"),
        new("Date", $" {Mail.Date(Pki.Now)}"),
        new("Message-ID", " <one@example.org>"),
        new("Keywords", " blood"),
    ];

    [Fact]
    public async Task A_signed_message_carries_its_header_signed()
    {
        var opened = await Opened.FromAsync(await ComposeAsync(Header, encrypted: false));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(HeaderProtectionForm.HeaderProtection, opened.Message.Header.Form);
        Assert.Equal(Header.Length, opened.Message.Header.Fields.Count);
        Assert.All(opened.Message.Header.Fields, one => Assert.Equal(HeaderState.SignedOnly, one.State));
    }

    [Fact]
    public async Task An_encrypted_message_shows_no_Subject_and_no_Keywords_outside()
    {
        var message = await ComposeAsync(Header, encrypted: true);

        Assert.DoesNotContain("Friday", Mail.String(message), StringComparison.Ordinal);
        Assert.DoesNotContain("blood", Mail.String(message), StringComparison.Ordinal);
        Assert.Contains("Subject: [...]\r\n", Mail.String(message), StringComparison.Ordinal);
        var opened = await Opened.FromAsync(message);
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(["Keywords", "Subject"], Names(opened, HeaderState.SignedAndEncrypted));
        Assert.Equal(["Date", "From", "Message-ID", "To"], Names(opened, HeaderState.SignedOnly));
        Assert.Empty(opened.Message.Header.Tampered);
    }

    [Theory]
    [InlineData("text/plain; charset=\"utf-8", "utf-8")]
    [InlineData("text/plain; name=\"a;", null)]
    [InlineData("\"text/plain", "us-ascii")]
    [InlineData("text", "us-ascii")]
    [InlineData("", "us-ascii")]
    public async Task A_type_that_does_not_end_where_it_seems_to_hides_no_header(string type, string? charset)
    {
        var opened = await Opened.FromAsync(await ComposeAsync(Header, encrypted: true, text: $"Content-Type: {type}\r\n\r\nHello\r\n"));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(["Keywords", "Subject"], Names(opened, HeaderState.SignedAndEncrypted));
        Assert.Equal(charset, MimeKit.MimeEntity.Load(new MemoryStream(opened.Payload!)).ContentType.Charset);
    }

    [Theory]
    [InlineData("Subject: [...]", "Subject: Please pay today", "Subject")]
    [InlineData("To: bob@example.org", "To: mallory@example.net", "To")]
    public async Task What_was_changed_outside_does_not_win_and_is_told(string was, string becomes, string name)
    {
        var message = Mail.String(await ComposeAsync(Header, encrypted: true)).Replace(was, becomes, StringComparison.Ordinal);

        var opened = await Opened.FromAsync(Mail.Bytes(message));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal([name], opened.Message.Header.Tampered);
        Assert.DoesNotContain(opened.Message.Header.Fields, one => becomes.EndsWith(one.Field.Value.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_added_outside_is_unprotected()
    {
        var message = "Reply-To: mallory@example.net\r\n" + Mail.String(await ComposeAsync(Header, encrypted: true));

        var opened = await Opened.FromAsync(Mail.Bytes(message));

        Assert.Equal(["Reply-To"], Names(opened, HeaderState.Unprotected));
    }

    [Fact]
    public async Task The_signed_From_counts_and_another_outside_is_told()
    {
        var message = Mail.String(await ComposeAsync(Header, encrypted: false));
        var at = message.IndexOf("alice@example.org", StringComparison.Ordinal);
        message = message[..at] + "list@example.net" + message[(at + "alice@example.org".Length)..];

        var opened = await Opened.FromAsync(Mail.Bytes(message));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.True(opened.Message.Header.HasOtherFromOutside);
        Assert.Equal("alice@example.org", opened.Summary.From?.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_From_that_no_signature_vouches_for_does_not_replace_the_outer_one(bool encrypted)
    {
        HeaderField[] forged = [new("From", " The Board <board@example.org>"), .. Header[1..]];
        var message = await ComposeAsync(forged, encrypted, outside: [new("From", " mallory@example.net"), .. Header[1..]]);

        var opened = await Opened.FromAsync(message);

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.True(opened.Message.Header.HasOtherFromOutside);
        Assert.Equal("mallory@example.net", opened.Summary.From?.ToString());
        Assert.Equal(" mallory@example.net", Assert.Single(opened.Message.Header.All("From")).Field.Value);
    }

    /// <summary>Nothing outside, or nothing that can be understood, is no leave to be anybody.</summary>
    [Theory]
    [InlineData(null, " ceo@bank.example")]
    [InlineData(" \"e\"@evil.example", " \"ceo\"@bank.example")]
    [InlineData(" eve@evil.example, mallory@evil.example", " ceo@bank.example, cfo@bank.example")]
    public async Task A_From_that_no_signature_vouches_for_does_not_replace_what_is_no_single_address(string? outside, string inside)
    {
        HeaderField[] forged = [new("From", inside), .. Header[1..]];
        var message = await ComposeAsync(forged, encrypted: true, outside: [.. outside is null ? [] : new[] { new HeaderField("From", outside) }, .. Header[1..]]);

        var opened = await Opened.FromAsync(message);

        Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
        Assert.Null(opened.Summary.From);
        Assert.Equal(outside is not null, opened.Message.Header.HasOtherFromOutside);
        Assert.Equal(outside is null ? [] : [outside], opened.Message.Header.All("From").Select(one => one.Field.Value));
    }

    [Fact]
    public async Task A_header_in_a_part_that_is_not_the_payload_is_ignored()
    {
        const string inner = "Content-Type: text/plain; hp=\"clear\"\r\nSubject: Inner\r\nFrom: board@example.org\r\n\r\nText\r\n";
        var entity = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{inner}\r\n--b--\r\n";

        var opened = await Opened.FromAsync(Mail.Message(await Mail.SignAsync(entity, Pki.Alice)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(HeaderProtectionForm.None, opened.Message.Header.Form);
        Assert.Equal(" Test", Assert.Single(opened.Message.Header.All("Subject")).Field.Value);
    }

    [Fact]
    public async Task A_header_in_mail_without_any_protection_is_ignored()
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Bytes("Content-Type: text/plain; hp=\"clear\"\r\n\r\nText\r\n")));

        Assert.Equal(HeaderProtectionForm.None, opened.Message.Header.Form);
        Assert.All(opened.Message.Header.Fields, one => Assert.Equal(HeaderState.Unprotected, one.State));
    }

    [Fact]
    public async Task The_older_form_is_read()
    {
        var entity = "Content-Type: text/plain; protected-headers=\"v1\"\r\nSubject: Inside\r\nFrom: alice@example.org\r\n"
            + $"Date: {Mail.Date(Pki.Now)}\r\n\r\nText\r\n";
        var signed = await Mail.SignAsync(entity, Pki.Alice);

        var opened = await Opened.FromAsync(Mail.Message(await Mail.EncryptAsync(signed, ContentCipher.Aes256Gcm)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(HeaderProtectionForm.ProtectedHeaders, opened.Message.Header.Form);
        Assert.Equal(["Subject"], Names(opened, HeaderState.SignedAndEncrypted));
        Assert.Equal(["Date", "From"], Names(opened, HeaderState.SignedOnly));
        Assert.Equal(["To"], Names(opened, HeaderState.Unprotected));
    }

    [Fact]
    public async Task A_forwarded_message_is_not_taken_for_the_message_itself()
    {
        const string forwarded = "Content-Type: message/rfc822\r\n\r\nFrom: carol@example.org\r\nMessage-ID: <other@example.org>\r\nSubject: Old\r\n\r\nText\r\n";

        var opened = await Opened.FromAsync(Mail.Message(await Mail.SignAsync(forwarded, Pki.Alice)));

        Assert.Equal(HeaderProtectionForm.None, opened.Message.Header.Form);
        Assert.Equal(" Test", Assert.Single(opened.Message.Header.All("Subject")).Field.Value);
        Assert.Contains("message/rfc822", Mail.String(opened.Payload!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entity_keeps_what_it_says_of_itself()
    {
        await using var entity = await ProtectedEntity.OpenAsync(
            new MemoryStream(Mail.Bytes("Content-Type: text/plain;\r\n charset=utf-8\r\nContent-Language: de\r\n\r\nHallo")), Header, null, default);
        using var reader = new StreamReader(entity);

        var text = await reader.ReadToEndAsync();

        Assert.EndsWith("Content-Type: text/plain;\r\n charset=utf-8;\r\n hp=\"clear\"\r\nContent-Language: de\r\n\r\nHallo", text, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ComposeAsync(HeaderField[] header, bool encrypted, HeaderField[]? outside = null, string text = Mail.Text)
    {
        var outer = outside ?? (encrypted ? HeaderConfidentiality.Baseline(header) : header);
        await using var entity = await ProtectedEntity.OpenAsync(new MemoryStream(Mail.Bytes(text)), header, encrypted ? outer : null, default);
        using var inner = new MemoryStream();
        await SignedEntity.WriteAsync(entity, [Pki.Alice.Signer], SignedForm.Detached, new SigningProperties(Pki.Now), inner, default);
        var sealedEntity = encrypted ? await Mail.EncryptAsync(inner.ToArray(), ContentCipher.Aes256Gcm) : inner.ToArray();
        return Mail.WithHeader(string.Concat(outer.Select(field => $"{field.Name}:{field.Value}\r\n")) + "MIME-Version: 1.0\r\n", sealedEntity);
    }

    private static List<string> Names(Opened opened, HeaderState state) => opened.Message.Header.Fields
        .Where(one => one.State == state).Select(one => one.Field.Name).Order(StringComparer.Ordinal).ToList();
}
