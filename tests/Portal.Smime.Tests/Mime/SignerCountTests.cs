using System.Formats.Asn1;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>At least one signer, and every one of them valid.</summary>
public sealed class SignerCountTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_detached_signature_of_nobody_is_invalid(bool withCertificates)
    {
        var structure = Forgery.SignedData(null, withCertificates ? [Pki.Alice.Certificate] : []);

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, structure)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(MessageReason.NoSigner, Assert.Single(opened.Summary.Reasons));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_opaque_signature_of_nobody_is_invalid(bool withCertificates)
    {
        var structure = Forgery.SignedData(Mail.Bytes(Mail.Text), withCertificates ? [Pki.Alice.Certificate] : []);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    [Fact]
    public async Task Certificates_without_content_are_no_signature_but_are_handed_out()
    {
        var structure = Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Bob.Certificate]);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

        Assert.Equal(Verdict.None, opened.Verdict);
        Assert.Equal(LayerKind.CertificatesOnly, Assert.Single(opened.Message.Layers).Kind);
        Assert.Equal(2, opened.Message.Certificates.Count);
    }

    [Fact]
    public async Task Content_inside_a_detached_signature_is_invalid()
    {
        var opaque = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice, SignedForm.Opaque));

        foreach (var shown in new[] { Mail.Text, "\r\nPay to another account.\r\n" })
        {
            var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(shown, opaque)));
            Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
            Assert.Contains(MessageReason.ContentInDetachedSignature, opened.Summary.Reasons);
            Assert.Equal([SignerReason.ContentAmbiguous], Assert.Single(opened.Summary.Signers).Reasons);
            Assert.Equal(shown, Mail.String(opened.Payload!));
        }
    }

    [Fact]
    public async Task A_detached_signature_sent_as_opaque_has_nothing_to_show()
    {
        var detached = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(detached)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Null(opened.Payload);
    }

    [Fact]
    public async Task A_signer_that_copies_anothers_SignerInfo_is_caught_by_the_content()
    {
        var other = Mail.Structure(await Mail.SignAsync("\r\nSomething else.\r\n", Pki.Carol));
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var both = Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Carol.Certificate, Pki.Issuing.Certificate], Forgery.SignerInfo(structure), Forgery.SignerInfo(other));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, both)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(2, opened.Summary.Signers.Count);
    }

    /// <summary>It proves no more than once, and no less.</summary>
    [Fact]
    public async Task The_same_SignerInfo_twice_says_the_same_twice()
    {
        var info = Forgery.SignerInfo(Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice)));
        var twice = Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Issuing.Certificate], info, info);

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, twice)));
        var changed = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned($"{Mail.Text}Not.", twice)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal([Pki.Alice.Address, Pki.Alice.Address], opened.Summary.Signers.Select(signer => signer.Address!.ToString()));
        Assert.Equal(Verdict.SignedInvalid, changed.Verdict);
    }

    [Fact]
    public async Task The_rebuilt_structure_with_the_right_signer_alone_is_valid()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var rebuilt = Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Issuing.Certificate], Forgery.SignerInfo(structure));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, rebuilt)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Fact]
    public async Task Signed_attributes_presented_as_content_are_ambiguous()
    {
        var info = Forgery.SignerInfo(Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Carol)));
        var fields = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
        var head = new List<byte[]> { fields.ReadEncodedValue().ToArray(), fields.ReadEncodedValue().ToArray(), fields.ReadEncodedValue().ToArray() };
        var attributes = fields.ReadEncodedValue().ToArray();
        attributes[0] = 0x31;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            head.ForEach(field => writer.WriteEncodedValue(field));
            writer.WriteEncodedValue(fields.ReadEncodedValue().Span);
            writer.WriteEncodedValue(fields.ReadEncodedValue().Span);
        }

        var structure = Forgery.SignedData(attributes, [Pki.Carol.Certificate, Pki.Issuing.Certificate], writer.Encode());
        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure), "carol@example.org"));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.ContentAmbiguous, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }
}
