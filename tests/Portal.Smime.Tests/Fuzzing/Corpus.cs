using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Ess;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Fuzzing;

/// <summary>What mutants are made from: of every structure that the engine reads, one or more, by us and by openssl, and the RFCs' own where they are.</summary>
internal sealed record Corpus(
    IReadOnlyList<byte[]> Structures,
    IReadOnlyList<byte[]> Messages,
    IReadOnlyList<byte[]> Certificates,
    IReadOnlyList<byte[]> RevocationLists,
    IReadOnlyList<byte[]> OcspResponses,
    IReadOnlyList<byte[]> OcspRequests,
    IReadOnlyList<byte[]> Requests)
{
    public static async Task<Corpus> GatherAsync()
    {
        var structures = await StructuresAsync();
        var signed = await Mail.SignAsync(Mail.Text, Pki.Alice);
        var protectedEntity = await ProtectedAsync();
        List<byte[]> messages =
        [
            Mail.Message(signed),
            Mail.Message(await Mail.EncryptAsync(signed, ContentCipher.Aes256Gcm, recipients: Curves.P256)),
            Mail.Message(await Mail.EncryptAsync(await Mail.SignAsync(protectedEntity, Pki.Alice.Signer), ContentCipher.Aes256Gcm, recipients: Curves.P256)),
            Mail.Message(await Mail.SignAsync(await Mail.EncryptAsync(signed, ContentCipher.Aes128Cbc, recipients: Curves.P256), Pki.Alice.Signer)),
            Mail.Message(Mail.Bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\n\r\ntwo\r\n--b--\r\n")),
            Mail.Message(Mail.Pkcs7Mime(Forgery.CompressedData([Mail.Bytes(Mail.Text)]))),
        ];
        foreach (var structure in structures)
        {
            messages.Add(Mail.Message(Mail.Pkcs7Mime(structure)));
        }

        var revoked = new RevokedCertificate(new byte[] { 1, 2, 3 }, Pki.Now.AddDays(-1), CrlReason.KeyCompromise);
        var list = await RevocationListBuilder.BuildAsync(Pki.Issuing.Issuing, BigInteger.One, [revoked], Pki.Now.AddDays(-1), Pki.Now.AddDays(6), default);
        var id = OcspCertificateId.Of(Pki.Alice.Certificate, Pki.Issuing.Certificate);
        var answer = new SingleOcspResponse(id, new OcspCertificateStatus.Good(), Pki.Now.AddHours(-1), Pki.Now.AddHours(6));
        var response = await OcspResponseBuilder.BuildAsync(
            new OcspResponder(Pki.Issuing.Certificate, Pki.Issuing.Key, SignatureScheme.EcdsaSha256), [answer], Pki.Now, new byte[16], default);
        Assert.True(AddrSpec.TryParse("alice@example.org", out var address));
        var request = await CertificationRequestBuilder.BuildAsync(
            new X500DistinguishedName("CN=Alice"), Pki.Alice.Key.ExportSubjectPublicKeyInfo(), CertificateProfile.Signing, [address], Pki.Alice.PrivateKey, SignatureScheme.RsaPkcs1Sha256, default);
        messages.Add(Mail.Message(Mail.Bytes(
            $"Content-Type: application/pkcs10; name=smime.p10\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(request, Base64FormattingOptions.InsertLineBreaks)}\r\n")));
        return new Corpus(
            structures,
            messages,
            [Pki.Alice.Certificate.RawData, Pki.Carol.Certificate.RawData, Pki.Issuing.Certificate.RawData, Curves.P384.Certificate.RawData],
            [list],
            [response],
            [new OcspRequest([id], new byte[16]).Encode()],
            [request]);
    }

    /// <summary>PKCS#12 as openssl writes it now and wrote it, and one without encryption, whose inside can be reached.</summary>
    public static async Task<IReadOnlyList<byte[]>> KeyFilesAsync()
    {
        using var bench = new Workbench();
        string[] export = ["pkcs12", "-export", "-in", bench.CertificateOf(Pki.Alice), "-inkey", bench.KeyOf(Pki.Alice), "-certfile", bench.Chain, "-passout", "pass:secret", "-iter", "1"];
        return
        [
            await bench.RunAsync(export),
            await bench.RunAsync([.. export, "-legacy"]),
            await bench.RunAsync([.. export, "-nomac", "-keypbe", "NONE", "-certpbe", "NONE"]),
        ];
    }

    private static async Task<List<byte[]>> StructuresAsync()
    {
        Assert.True(AddrSpec.TryParse("alice@example.org", out var alice));
        var services = new EnhancedServices
        {
            ReceiptRequest = new ReceiptRequest(ContentIdentifier.New(), new ReceiptsFrom.Listed([alice]), [alice]),
            SecurityLabel = new SecurityLabel("1.2.3") { Classification = 3, PrivacyMark = "Staff", Categories = [SecurityCategory.OfText("1.2.3.1", "ward")] },
            EquivalentLabels = [new SecurityLabel("1.2.4")],
            ContentHints = new ContentHints(Oids.Data, "Hint"),
            ExpansionHistory = new MailListExpansionHistory([MailListExpansion.By(Pki.Carol.Certificate, Pki.Now, new ReceiptPolicy.InsteadOf([alice]))]),
        };
        var asked = await Mail.SignAsync(
            Mail.Bytes(Mail.Text), [Pki.Alice.Signer, Pki.Carol.Signer], SignedForm.Opaque, new SigningProperties(Pki.Now) { Services = services });
        await using var opened = await MessageOpener.OpenAsync(new MemoryStream(Mail.Message(asked)), Opened.Context(), default);
        using var receipt = new MemoryStream();
        await SignedReceiptEntity.WriteAsync(
            services.ReceiptRequest, opened.Summary.Signers[0].OriginatorSignature!, Pki.Bob.Signer, new SigningProperties(Pki.Now), receipt, default);
        return
        [
            Mail.Structure(asked),
            Mail.Structure(receipt.ToArray()),
            Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice)),
            Mail.Structure(await Mail.SignAsync(Mail.Bytes(Mail.Text), Pki.Alice.Signer with { Scheme = SignatureScheme.RsaPssSha384 }, SignedForm.Opaque)),
            Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm, recipients: [Pki.Bob, Curves.P256, Curves.P521])),
            Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Cbc, recipients: Curves.P256)),
            Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Issuing.Certificate]),
            Forgery.CompressedData([Mail.Bytes(Mail.Text)]),
            Forgery.EnvelopedForOther("1.2.840.113549.1.9.16.13.3", [0x30, 0x00]),
            .. await ByOpenSslAsync(),
            .. Vectors.All("rfc4134", ".bin"),
        ];
    }

    private static async Task<List<byte[]>> ByOpenSslAsync()
    {
        using var bench = new Workbench();
        var text = bench.Write("text", Mail.Bytes(Mail.Text));
        string[] sign = ["cms", "-sign", "-in", text, "-outform", "DER", "-certfile", bench.Chain, "-signer", bench.CertificateOf(Pki.Alice), "-inkey", bench.KeyOf(Pki.Alice)];
        string[] encrypt = ["cms", "-encrypt", "-in", text, "-outform", "DER"];
        return
        [
            await bench.RunAsync([.. sign, "-nodetach", "-cades", "-receipt_request_all", "-receipt_request_to", "alice@example.org"]),
            await bench.RunAsync([.. sign, "-nodetach", "-stream", "-indef"]),
            await bench.RunAsync([.. sign, "-keyid", "-keyopt", "rsa_padding_mode:pss"]),
            await bench.RunAsync([.. encrypt, "-aes-256-gcm", bench.CertificateOf(Curves.P256)]),
            await bench.RunAsync([.. encrypt, "-aes256", "-stream", "-indef", "-pwri_password", "secret", bench.CertificateOf(Curves.P256)]),
            await bench.RunAsync([.. encrypt, "-des3", bench.CertificateOf(Pki.Bob)]),
        ];
    }

    private static async Task<byte[]> ProtectedAsync()
    {
        HeaderField[] header = [new("From", " alice@example.org"), new("Subject", " Inside"), new("Date", $" {Mail.Date(Pki.Now)}")];
        await using var entity = await ProtectedEntity.OpenAsync(new MemoryStream(Mail.Bytes(Mail.Text)), header, HeaderConfidentiality.Baseline(header), default);
        using var copy = new MemoryStream();
        await entity.CopyToAsync(copy);
        return copy.ToArray();
    }
}
