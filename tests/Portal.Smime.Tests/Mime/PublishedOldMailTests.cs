using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>The examples of RFC 4134: everything in them is old, all of it can be read, and none of it is trusted.</summary>
public sealed class PublishedOldMailTests
{
    private const string Content = "This is some sample content.";
    private static readonly DateTimeOffset Then = new(2004, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("4.1.bin", 1)]
    [InlineData("4.2.bin", 1)]
    [InlineData("4.4.bin", 1)]
    [InlineData("4.5.bin", 1)]
    [InlineData("4.6.bin", 2)]
    [InlineData("4.7.bin", 1)]
    [InlineData("4.10.bin", 1)]
    public async Task Signatures_hold_and_are_weak(string file, int signers)
    {
        var opened = await OpenAsync(file);

        Assert.True(opened.Verdict == Verdict.SignedUntrusted, opened.Why);
        Assert.Equal(Content, Mail.String(opened.Payload!));
        Assert.Equal(signers, opened.Summary.Signers.Count);
        Assert.All(opened.Summary.Signers, signer =>
        {
            Assert.Equal(SignerState.Untrusted, signer.State);
            Assert.Contains(SignerReason.WeakDigest, signer.Reasons);
            Assert.Contains(SignerReason.WeakKey, signer.Reasons);
        });
    }

    [Fact]
    public async Task A_signature_over_other_content_is_broken()
    {
        var bytes = Vectors.Read("rfc4134/4.1.bin");
        bytes[bytes.AsSpan().IndexOf("sample"u8)]++;

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(bytes)), Context());

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
    }

    [Theory]
    [InlineData("4.8.eml")]
    [InlineData("4.9.eml")]
    public async Task Whole_messages_are_weak_and_from_another_address(string file)
    {
        var opened = await Opened.FromAsync(Vectors.Read($"rfc4134/{file}"), Context());

        Assert.True(opened.Verdict == Verdict.SignedUntrusted, opened.Why);
        Assert.Contains(SignerReason.AddressMismatch, Assert.Single(opened.Summary.Signers).Reasons);
    }

    [Fact]
    public async Task A_detached_signature_alone_cannot_be_checked()
    {
        var opened = await OpenAsync("4.3.bin");

        Assert.Null(opened.Payload);
        Assert.Equal(OpeningFailureKind.ContentMissing, opened.Message.Failure!.Kind);
        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
    }

    [Fact]
    public async Task All_enhanced_services_are_read()
    {
        var signer = Assert.Single((await OpenAsync("4.10.bin")).Summary.Signers);

        var services = signer.Services;
        Assert.Empty(services.Unreadable);
        Assert.NotNull(services.SecurityLabel);
        Assert.NotNull(services.ContentHints);
        Assert.NotNull(services.ContentReference);
        Assert.NotNull(services.ExpansionHistory);
        Assert.NotEmpty(services.EquivalentLabels);
        Assert.NotEmpty(signer.Capabilities);
    }

    [Fact]
    public async Task A_bundle_of_certificates_is_no_signature()
    {
        var opened = await OpenAsync("4.11.bin");

        Assert.Equal(Verdict.None, opened.Verdict);
        Assert.Equal(LayerKind.CertificatesOnly, Assert.Single(opened.Message.Layers).Kind);
        Assert.Equal(2, opened.Message.Certificates.Count);
    }

    [Theory]
    [InlineData("5.1.bin")]
    [InlineData("5.2.bin")]
    public async Task Old_ciphers_are_opened_with_a_key_of_1024_bits(string file)
    {
        var opened = await OpenAsync(file);

        Assert.True(opened.Payload is not null, opened.Why);
        Assert.Equal(Content, Mail.String(opened.Payload));
        Assert.True(Assert.Single(opened.Message.Layers).IsWeak);
        Assert.Equal(Verdict.None, opened.Verdict);
    }

    [Fact]
    public async Task A_whole_encrypted_message_is_opened()
    {
        var opened = await Opened.FromAsync(Vectors.Read("rfc4134/5.3.eml"), Context());

        Assert.EndsWith(Content, Mail.String(opened.Payload!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.1.bin")]
    [InlineData("3.2.bin")]
    public async Task Plain_data_protects_nothing(string file)
    {
        var opened = await OpenAsync(file);

        Assert.Equal(Content, Mail.String(opened.Payload!));
        Assert.Equal(Verdict.None, opened.Verdict);
        Assert.False(opened.Summary.Encrypted);
        Assert.Equal(LayerKind.Data, Assert.Single(opened.Message.Layers).Kind);
    }

    [Theory]
    [InlineData("6.0.bin", "1.2.840.113549.1.7.5")]
    [InlineData("7.1.bin", "1.2.840.113549.1.7.6")]
    [InlineData("7.2.bin", "1.2.840.113549.1.7.6")]
    public async Task What_is_no_form_of_mail_is_named(string file, string contentType)
    {
        var opened = await OpenAsync(file);

        Assert.Equal(new OpeningFailure(OpeningFailureKind.UnsupportedAlgorithm, contentType), opened.Message.Failure);
        Assert.Equal(Verdict.None, opened.Verdict);
    }

    private static Task<Opened> OpenAsync(string file) =>
        Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(Vectors.Read($"rfc4134/{file}"))), Context());

    private static OpeningContext Context()
    {
        var bob = Vectors.Certificate("rfc4134/BobRSASignByCarl.cer");
        var keys = RecipientIdentifier.AllOf(bob).Select(identifier => new DecryptionKey(identifier, Vectors.Key("rfc4134/BobPrivRSAEncrypt.pri")));
        return Opened.Context(Vectors.Trusting("rfc4134/CarlDSSSelf.cer", "rfc4134/CarlRSASelf.cer"), new TestKeys(keys.ToArray())) with { ReceivedAt = Then };
    }
}
