using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Ess;

/// <summary>Signed receipts, asked for, given and verified: by openssl and by us, in every combination.</summary>
public sealed class SignedReceiptTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(SignedForm.Detached)]
    [InlineData(SignedForm.Opaque)]
    public async Task Our_receipt_for_our_message_is_confirmed_by_us_and_by_openssl(SignedForm form)
    {
        var message = Mail.Message(await AskAsync(form));
        var receipt = await AnswerAsync(message);

        Assert.IsType<ReceiptMatch.Confirmed>(await MatchAsync(receipt, message));
        await OpensslConfirmsAsync(message, receipt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-nodetach")]
    [InlineData("-md sha512")]
    public async Task Our_receipt_for_a_message_of_openssl_is_confirmed_by_both(string options)
    {
        var message = Mail.Message(await OpensslAsksAsync(options));
        var receipt = await AnswerAsync(message);

        Assert.IsType<ReceiptMatch.Confirmed>(await MatchAsync(receipt, message));
        await OpensslConfirmsAsync(message, receipt);
    }

    [Fact]
    public async Task A_receipt_of_openssl_is_confirmed_by_us()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        var receipt = await OpensslAnswersAsync(message);

        var confirmed = Assert.IsType<ReceiptMatch.Confirmed>(await MatchAsync(receipt, message));
        Assert.Equal(Pki.Bob.Certificate.Thumbprint, confirmed.Reader.Certificate!.Thumbprint);
    }

    [Fact]
    public async Task Pyasn1_reads_our_receipt()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));

        var decoded = await Peers.AttributesAsync(Mail.Structure(await AnswerAsync(message)));

        Assert.Equal("1.2.840.113549.1.9.16.1.1", decoded.GetProperty("contentType").GetString());
        Assert.Equal("1.2.840.113549.1.7.1", decoded.GetProperty("receipt").GetProperty("contentType").GetString());
        Assert.Equal(64, decoded.GetProperty("1.2.840.113549.1.9.16.2.5").GetString()!.Length);
    }

    [Fact]
    public async Task A_receipt_for_another_message_is_unmatched()
    {
        var receipt = await AnswerAsync(Mail.Message(await AskAsync(SignedForm.Detached)));

        Assert.IsType<ReceiptMatch.Unmatched>(await MatchAsync(receipt, Mail.Message(await AskAsync(SignedForm.Detached))));
    }

    [Fact]
    public async Task A_receipt_that_names_our_content_and_a_signature_that_was_never_ours_is_forged()
    {
        var identifier = ContentIdentifier.New();
        var receipt = await AnswerAsync(Mail.Message(await AskAsync(SignedForm.Detached, identifier)));
        var original = Mail.Message(await AskAsync(SignedForm.Detached, identifier, "Another text.\r\n"));

        Assert.Equal(new ReceiptMatch.Forged(ReceiptForgery.OriginatorSignatureMismatch), await MatchAsync(receipt, original));
    }

    [Fact]
    public async Task A_receipt_does_not_confirm_an_original_that_was_changed_since()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        var receipt = await AnswerAsync(message);
        var changed = Mail.Bytes(Mail.String(message).Replace("The patient is well", "The patient is ill", StringComparison.Ordinal));

        Assert.NotEqual(message, changed);
        Assert.IsType<ReceiptMatch.OriginalBroken>(await MatchAsync(receipt, changed));
    }

    [Fact]
    public async Task A_receipt_over_other_attributes_is_forged()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        await using var opened = await OpenAsync(message);
        var signer = opened.Summary.Signers[0];
        var receipt = await WriteAsync(signer.Services.ReceiptRequest!, signer.OriginatorSignature! with { MessageSignatureDigest = new byte[32] });

        Assert.Equal(new ReceiptMatch.Forged(ReceiptForgery.MessageSignatureDigestMismatch), await MatchAsync(receipt, message));
    }

    // RFC 2634 §2.6: whoever signs a receipt has verified the message.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_second_signer_who_has_verified_something_else_spoils_it(int wrong)
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        await using var opened = await OpenAsync(message);
        var signer = opened.Summary.Signers[0];
        var original = signer.OriginatorSignature!;
        var infos = new List<byte[]>();
        foreach (var (index, reader) in new[] { Pki.Bob, Pki.Carol }.Index())
        {
            infos.Add(Forgery.SignerInfo(Mail.Structure(await WriteAsync(
                signer.Services.ReceiptRequest!, index == wrong ? original with { MessageSignatureDigest = new byte[32] } : original, reader))));
        }

        var structure = Mail.Structure(await WriteAsync(signer.Services.ReceiptRequest!, original));
        var both = Forgery.WithSigners(structure, [Pki.Bob.Certificate, Pki.Carol.Certificate, Pki.Issuing.Certificate], infos);

        Assert.Equal(new ReceiptMatch.Forged(ReceiptForgery.MessageSignatureDigestMismatch), await MatchAsync(Mail.Pkcs7Mime(both), message));
    }

    [Fact]
    public async Task A_receipt_whose_signature_is_broken_is_forged()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        var structure = Mail.Structure(await AnswerAsync(message));
        structure[^5] ^= 1;

        Assert.Equal(new ReceiptMatch.Forged(ReceiptForgery.SignatureInvalid), await MatchAsync(Mail.Pkcs7Mime(structure), message));
    }

    [Fact]
    public async Task A_receipt_by_somebody_whom_we_do_not_know_is_untrusted()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        var receipt = await AnswerAsync(message);
        await using var opened = await MessageOpener.OpenAsync(new MemoryStream(receipt), Opened.Context(TrustStore.Empty), default);
        await using var original = await OpenAsync(message);

        Assert.IsType<ReceiptMatch.Untrusted>(ReceiptVerification.Verify(opened, original.Summary.Signers));
    }

    [Fact]
    public async Task A_receipt_from_another_address_than_its_certificate_says_is_untrusted()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));
        var receipt = Mail.Message(await AnswerAsync(message), "mallory@example.net");

        Assert.IsType<ReceiptMatch.Untrusted>(await MatchAsync(receipt, message));
    }

    [Fact]
    public async Task An_ordinary_message_is_no_receipt()
    {
        var message = Mail.Message(await AskAsync(SignedForm.Detached));

        Assert.IsType<ReceiptMatch.NoReceipt>(await MatchAsync(message, message));
    }

    [Fact]
    public async Task A_receipt_is_a_signed_layer_with_nothing_to_show()
    {
        var opened = await Opened.FromAsync(Mail.Message(await AnswerAsync(Mail.Message(await AskAsync(SignedForm.Opaque))), Pki.Bob.Address));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(LayerKind.SignedReceipt, Assert.Single(opened.Message.Layers).Kind);
        Assert.NotNull(opened.Message.Receipt);
        Assert.Empty(opened.Payload!);
    }

    private static Task<byte[]> AskAsync(SignedForm form, ContentIdentifier? identifier = null, string text = Mail.Text)
    {
        Assert.True(AddrSpec.TryParse(Pki.Alice.Address, out var alice));
        var request = new ReceiptRequest(identifier ?? ContentIdentifier.New(), new ReceiptsFrom.All(), [alice]);
        var properties = new SigningProperties(Pki.Now) { Services = new EnhancedServices { ReceiptRequest = request } };
        return Mail.SignAsync(Mail.Bytes(text), [Pki.Alice.Signer], form, properties);
    }

    private async Task<byte[]> OpensslAsksAsync(string options)
    {
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        return await _bench.RunAsync(
        [
            "cms", "-sign", "-in", text, "-certfile", _bench.Chain, "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice),
            "-receipt_request_all", "-receipt_request_to", Pki.Alice.Address, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
    }

    private static async Task<byte[]> AnswerAsync(byte[] message)
    {
        await using var opened = await OpenAsync(message);
        Assert.Equal(Verdict.SignedValid, opened.Summary.Verdict);
        var signer = opened.Summary.Signers[0];
        return await WriteAsync(signer.Services.ReceiptRequest!, signer.OriginatorSignature!);
    }

    private static async Task<byte[]> WriteAsync(ReceiptRequest request, OriginatorSignature original, Person? reader = null)
    {
        using var written = new MemoryStream();
        await SignedReceiptEntity.WriteAsync(request, original, (reader ?? Pki.Bob).Signer, new SigningProperties(Pki.Now), written, default);
        return written.ToArray();
    }

    private async Task<byte[]> OpensslAnswersAsync(byte[] message)
    {
        var path = _bench.Write("message.eml", message);
        return await _bench.RunAsync(
            "cms", "-sign_receipt", "-in", path, "-signer", _bench.CertificateOf(Pki.Bob), "-inkey", _bench.KeyOf(Pki.Bob), "-certfile", _bench.Chain);
    }

    private async Task OpensslConfirmsAsync(byte[] message, byte[] receipt)
    {
        var sent = _bench.Write("sent.eml", message);
        var came = _bench.Write("receipt.der", Mail.Structure(receipt));
        var (exitCode, _, errors) = await _bench.TryAsync(
            "cms", "-verify_receipt", came, "-in", sent, "-rctform", "DER", "-CAfile", _bench.Root, "-certfile", _bench.Chain,
            "-purpose", "smimesign");
        Assert.True(exitCode == 0, errors);
    }

    private static async Task<ReceiptMatch> MatchAsync(byte[] receipt, byte[] message)
    {
        await using var came = await OpenAsync(receipt);
        await using var sent = await OpenAsync(message);
        return ReceiptVerification.Verify(came, sent.Summary.Signers);
    }

    private static Task<OpenedMessage> OpenAsync(byte[] message) => MessageOpener.OpenAsync(new MemoryStream(message), Opened.Context(), default);
}
