using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>The examples of RFC 9788, appendix C: states of every field, and the payload byte for byte.</summary>
public sealed class PublishedHeaderProtectionTests
{
    private const string Rest = "Message-ID From To Date User-Agent";
    private const string Replies = "In-Reply-To References";

    /// <summary>Name, form, fields that are signed and encrypted, fields that are signed only.</summary>
    public static TheoryData<string, HeaderProtectionForm, string, string> Protected => new()
    {
        { "smime-one-part-hp", HeaderProtectionForm.HeaderProtection, "", $"Subject {Rest}" },
        { "smime-multipart-hp", HeaderProtectionForm.HeaderProtection, "", $"Subject {Rest}" },
        { "smime-one-part-complex-hp", HeaderProtectionForm.HeaderProtection, "", $"Subject {Rest}" },
        { "smime-multipart-complex-hp", HeaderProtectionForm.HeaderProtection, "", $"Subject {Rest}" },
        { "smime-signed-enc-hp-baseline", HeaderProtectionForm.HeaderProtection, "Subject", Rest },
        { "smime-signed-enc-hp-baseline-legacy", HeaderProtectionForm.HeaderProtection, "Subject", Rest },
        { "smime-signed-enc-hp-shy", HeaderProtectionForm.HeaderProtection, "Subject From To Date", "Message-ID User-Agent" },
        { "smime-signed-enc-hp-shy-legacy", HeaderProtectionForm.HeaderProtection, "Subject From To Date", "Message-ID User-Agent" },
        { "smime-signed-enc-hp-baseline-reply", HeaderProtectionForm.HeaderProtection, "Subject", $"{Rest} {Replies}" },
        { "smime-signed-enc-hp-baseline-legacy-reply", HeaderProtectionForm.HeaderProtection, "Subject", $"{Rest} {Replies}" },
        { "smime-signed-enc-complex-hp-baseline", HeaderProtectionForm.HeaderProtection, "Subject", Rest },
        { "smime-signed-enc-complex-hp-baseline-legacy", HeaderProtectionForm.HeaderProtection, "Subject", Rest },
        { "smime-one-part-complex-rfc8551hp", HeaderProtectionForm.WrappedMessage, "", $"Subject {Rest}" },
        { "smime-multipart-complex-rfc8551hp", HeaderProtectionForm.WrappedMessage, "", $"Subject {Rest}" },
        { "smime-enc-signed-complex-rfc8551hp-baseline", HeaderProtectionForm.WrappedMessage, "Subject", Rest },
    };

    [Theory]
    [MemberData(nameof(Protected))]
    public async Task Every_field_has_its_state(string name, HeaderProtectionForm form, string confidential, string readable)
    {
        var opened = await OpenAsync(name);

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(form, opened.Message.Header.Form);
        Assert.Equal(Names(confidential), Names(opened, HeaderState.SignedAndEncrypted));
        Assert.Equal(Names(readable), Names(opened, HeaderState.SignedOnly));
        Assert.Equal([], Names(opened, HeaderState.Unprotected));
        Assert.Equal(name, Value(opened, "Subject"));
        Assert.Empty(opened.Message.Header.Tampered);
        Assert.False(opened.Message.Header.HasOtherFromOutside);
    }

    [Theory]
    [InlineData("no-crypto", Verdict.None)]
    [InlineData("no-crypto-complex", Verdict.None)]
    [InlineData("smime-one-part", Verdict.SignedValid)]
    [InlineData("smime-multipart", Verdict.SignedValid)]
    [InlineData("smime-signed-enc", Verdict.SignedValid)]
    public async Task Without_protection_every_field_is_unprotected(string name, Verdict verdict)
    {
        var opened = await OpenAsync(name);

        Assert.True(opened.Verdict == verdict, opened.Why);
        Assert.Equal(HeaderProtectionForm.None, opened.Message.Header.Form);
        Assert.All(opened.Message.Header.Fields, one => Assert.Equal(HeaderState.Unprotected, one.State));
        Assert.Equal(name, Value(opened, "Subject"));
    }

    [Theory]
    [InlineData("smime-signed-enc-hp-baseline")]
    [InlineData("smime-signed-enc-hp-shy-legacy")]
    [InlineData("smime-signed-enc-complex-hp-baseline-legacy")]
    [InlineData("smime-one-part-complex-hp")]
    public async Task The_payload_is_the_printed_one(string name)
    {
        foreach (var reader in new[] { "alice", "bob" })
        {
            var opened = await OpenAsync(name, reader);

            Assert.Equal(Mail.String(Vectors.Read($"rfc9788/{name}.inner.eml")), Mail.String(opened.Payload!));
        }
    }

    [Fact]
    public async Task The_message_in_a_wrapped_message_is_what_is_read()
    {
        var opened = await OpenAsync("smime-enc-signed-complex-rfc8551hp-baseline");

        Assert.StartsWith("MIME-Version: 1.0\nContent-Type: multipart/mixed", Mail.String(opened.Payload!).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_authority_nothing_is_signed_and_the_Subject_still_confidential()
    {
        var context = Opened.Context(Vectors.Trusting(), Vectors.KeysOf("bob"));

        var opened = await Opened.FromAsync(Vectors.Read("rfc9788/smime-signed-enc-hp-baseline.eml"), context with { ReceivedAt = Vectors.Now });

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
        Assert.Equal(["Subject"], Names(opened, HeaderState.EncryptedOnly));
        Assert.Contains("From", Names(opened, HeaderState.Unprotected));
    }

    private static Task<Opened> OpenAsync(string name, string reader = "bob") => Opened.FromAsync(
        Vectors.Read($"rfc9788/{name}.eml"),
        Opened.Context(Vectors.Trusting("rfc9788/ca.rsa.crt.pem"), Vectors.KeysOf(reader)) with { ReceivedAt = Vectors.Now });

    private static string Value(Opened opened, string name) => Assert.Single(opened.Message.Header.All(name)).Field.Value.Trim();

    private static List<string> Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();

    private static List<string> Names(Opened opened, HeaderState state) => opened.Message.Header.Fields
        .Where(one => one.State == state).Select(one => one.Field.Name).Order(StringComparer.Ordinal).ToList();
}
