using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Mail made to cost: refused early, quickly and by name.</summary>
[Collection(nameof(Alone))]
public sealed class HostileMailTests
{
    /// <summary>For a hang, not for slowness: other suites run beside this one. All of them together take a quarter of it alone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task Half_a_million_empty_parts() =>
        RefusedAsync("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Repeat("--b\r\n\r\n", 500_000), OpeningFailureKind.TooLarge, "parts");

    [Fact]
    public Task A_hundred_thousand_nested_multiparts() => RefusedAsync(
        string.Concat(Enumerable.Range(0, 100_000).Select(level => $"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")),
        OpeningFailureKind.TooDeep,
        "multiparts");

    [Fact]
    public Task A_hundred_thousand_nested_messages() =>
        RefusedAsync(Repeat("Content-Type: message/rfc822\r\n\r\n", 100_000), OpeningFailureKind.TooDeep, "multiparts");

    [Fact]
    public Task A_million_header_fields() => RefusedAsync(Repeat("X: y\r\n", 1_000_000) + "\r\nx", OpeningFailureKind.TooLarge, null);

    [Fact]
    public Task A_header_line_of_two_megabytes() => RefusedAsync($"X: {new string('y', 2_000_000)}\r\n\r\nx", OpeningFailureKind.TooLarge, null);

    [Fact]
    public Task Ten_thousand_addresses() =>
        RefusedAsync($"To: {Repeat("a@b.example,\r\n ", 10_000)}\r\n\r\nx", OpeningFailureKind.TooLarge, null);

    [Fact]
    public Task A_message_beyond_the_limit() => RefusedAsync(
        "Content-Type: text/plain\r\n\r\n" + new string('x', 100_000), OpeningFailureKind.TooLarge, "message", OpeningLimits.Default with { MessageBytes = 100_000 });

    [Fact]
    public async Task Decrypted_content_has_the_same_limits()
    {
        var parts = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Repeat("--b\r\n\r\n", 20_000);
        var encrypted = await Mail.EncryptAsync(Mail.Bytes(parts), ContentCipher.Aes256Gcm);

        var opened = await InTimeAsync(Mail.Message(encrypted));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.TooLarge, "parts"), opened.Message.Failure);
    }

    [Fact]
    public async Task A_gigabyte_in_compressed_content_is_refused_before_it_is_inflated()
    {
        var structure = Forgery.CompressedData(Enumerable.Repeat(new byte[1024 * 1024], 1024));
        Assert.InRange(structure.Length, 0, 16 * 1024 * 1024);

        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.TooLarge, "compressed content"), opened.Message.Failure);
    }

    [Fact]
    public async Task Compressed_content_is_read()
    {
        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Forgery.CompressedData([Mail.Bytes(Mail.Text)]))));

        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
        Assert.Equal(LayerKind.Compressed, Assert.Single(opened.Message.Layers).Kind);
        Assert.Equal(Verdict.None, opened.Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Compressed_content_that_is_none_is_damaged(int from)
    {
        var structure = Forgery.CompressedData([Mail.Bytes(string.Concat(Enumerable.Repeat(Mail.Text, 50)))]);
        Array.Clear(structure, structure.Length - 60 + from, 10);

        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

        Assert.Equal(OpeningFailureKind.Malformed, opened.Message.Failure!.Kind);
    }

    // RFC 1950 §2.2, FDICT: with a dictionary that nobody has.
    [Fact]
    public async Task A_recipient_of_a_type_of_its_own_is_named_by_it()
    {
        const string kem = "1.2.840.113549.1.9.16.13.3";

        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Forgery.EnvelopedForOther(kem, [0x30, 0x00]))));

        Assert.Equal(OpeningFailureKind.NoMatchingKey, opened.Message.Failure?.Kind);
        var recipient = Assert.Single(Assert.Single(opened.Message.Layers).Recipients);
        Assert.Equal((RecipientKind.Other, kem), (recipient.Kind, recipient.Algorithm));
    }

    // Half of a text is not the text.
    [Fact]
    public async Task Compressed_content_that_does_not_end_as_it_has_to_is_damaged()
    {
        using var compressed = new MemoryStream();
        await using (var zlib = new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            await zlib.WriteAsync(Mail.Bytes(string.Concat(Enumerable.Repeat(Mail.Text, 3000))));
        }

        var whole = compressed.ToArray();
        byte[][] damaged = [[], whole[..2], whole[..(whole.Length / 2)], whole[..^4], whole[..^1], [.. whole, 0], [.. whole[..^1], (byte)(whole[^1] ^ 1)]];

        Assert.NotNull((await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Forgery.Compressed(whole))))).Payload);
        foreach (var one in damaged)
        {
            var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Forgery.Compressed(one))));
            Assert.Null(opened.Payload);
            Assert.Equal(OpeningFailureKind.Malformed, opened.Message.Failure?.Kind);
        }
    }

    [Fact]
    public async Task Compressed_content_that_wants_a_dictionary_is_damaged()
    {
        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Forgery.Compressed(Convert.FromHexString("78BB0102030401020304")))));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.Malformed, "zlib"), opened.Message.Failure);
    }

    [Fact]
    public async Task Nested_BER_ends_soon()
    {
        var head = Convert.FromHexString("308006092A864886F70D010702A0803080020101");
        foreach (var tag in new byte[] { 0x30, 0x24, 0x31, 0xa0 })
        {
            byte[] nested = [.. head, .. Enumerable.Repeat(new byte[] { tag, 0x80 }, 200_000).SelectMany(bytes => bytes)];
            var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(nested)));
            Assert.Null(opened.Payload);
            Assert.NotEqual(Verdict.SignedValid, opened.Verdict);
        }
    }

    [Fact]
    public async Task Lengths_that_promise_too_much_allocate_nothing()
    {
        foreach (var hex in new[] { "30847FFFFFFF", "308006092A864886F70D010702A0803080020101" + "3184FFFFFFFF", "3088FFFFFFFFFFFFFFFF", "30887FFFFFFFFFFFFFFF00" })
        {
            var before = GC.GetTotalAllocatedBytes();
            var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(Convert.FromHexString(hex))));
            Assert.Null(opened.Payload);
            Assert.True(GC.GetTotalAllocatedBytes() - before < 16 * 1024 * 1024);
        }
    }

    [Fact]
    public async Task Too_many_certificates_signers_or_recipients()
    {
        var certificates = Forgery.SignedData(Mail.Bytes(Mail.Text), Enumerable.Repeat(Pki.Alice.Certificate, 2000).ToList());
        var signers = Forgery.SignedData(Mail.Bytes(Mail.Text), [], Enumerable.Range(0, 1000).Select(number => new byte[] { 0x30, 0x04, 0x02, 0x02, 0x10, (byte)number }).ToArray());

        Assert.Equal(OpeningFailureKind.TooLarge, (await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(certificates)))).Message.Failure!.Kind);
        Assert.NotNull((await InTimeAsync(Mail.Message(Mail.Pkcs7Mime(signers)))).Message.Failure);

        using var suffix = new MemoryStream();
        var content = await EncryptedEntity.EncryptAsync(new MemoryStream(), ContentCipher.Aes256Gcm, suffix, default);
        var prefix = EncryptedEntity.Prefix(content, Enumerable.Repeat(Pki.Bob.Recipient(Keys.KeyTransportScheme.RsaPkcs1), 2100).ToList());
        var opened = await InTimeAsync(Mail.Message(Mail.Pkcs7Mime([.. prefix, .. suffix.ToArray()])));
        Assert.Equal(new OpeningFailure(OpeningFailureKind.TooLarge, "recipientInfos"), opened.Message.Failure);
    }

    [Fact]
    public async Task Certificates_that_certify_each_other_in_circles_end_in_time()
    {
        var names = Enumerable.Range(0, 10).Select(number => new X500DistinguishedName($"CN=Circle {number}")).ToList();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var circle = new List<X509Certificate2>();
        foreach (var subject in names)
        {
            foreach (var issuer in names.Where(issuer => issuer != subject).Take(9))
            {
                var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
                request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
                var generator = X509SignatureGenerator.CreateForECDsa(key);
                circle.Add(request.Create(issuer, generator, Pki.Now.AddDays(-1), Pki.Now.AddDays(1), [(byte)(circle.Count + 1)]));
            }
        }

        var signer = new Signer(circle[0], circle[1..], new TestKey(key), Keys.SignatureScheme.EcdsaSha256);
        var opened = await InTimeAsync(Mail.Message(await Mail.SignAsync(Mail.Bytes(Mail.Text), signer)));

        Assert.Equal(Verdict.SignedUntrusted, opened.Verdict);
    }

    [Theory]
    [InlineData(20000, 3)]
    [InlineData(16384, 16384)]
    public async Task An_enormous_RSA_key_is_not_computed_with(int modulusBits, int exponentBits)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Ones(modulusBits / 8));
            writer.WriteIntegerUnsigned(Ones(Math.Max(1, exponentBits / 8)));
        }

        var key = new PublicKey(new Oid(Oids.RsaEncryption), new AsnEncodedData([0x05, 0x00]), new AsnEncodedData(writer.Encode()));
        var request = new CertificateRequest(new X500DistinguishedName("CN=Enormous"), key, HashAlgorithmName.SHA256);
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = request.Create(
            new X500DistinguishedName("CN=Enormous"), X509SignatureGenerator.CreateForECDsa(issuer), Pki.Now.AddDays(-1), Pki.Now.AddDays(1), [1]);
        var signer = new Signer(certificate, [], new TestKey(Pki.Alice.Key), Keys.SignatureScheme.RsaPkcs1Sha256);

        var opened = await InTimeAsync(Mail.Message(await Mail.SignAsync(Mail.Bytes(Mail.Text), signer)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.UnsupportedAlgorithm, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Theory]
    [InlineData("base64", "@@@@")]
    [InlineData("base64", "AAA")]
    [InlineData("base64", "AA==AA==")]
    [InlineData("quoted-printable", "=ZZ")]
    [InlineData("x-uuencode", "begin")]
    [InlineData("base64", "")]
    public async Task A_transfer_encoding_that_is_none_is_malformed(string encoding, string body)
    {
        var opened = await InTimeAsync(Mail.Message(Mail.Bytes($"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n")));

        Assert.Equal(OpeningFailureKind.Malformed, opened.Message.Failure!.Kind);
    }

    private static byte[] Ones(int bytes)
    {
        var ones = new byte[bytes];
        Array.Fill(ones, (byte)0xff);
        return ones;
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static async Task RefusedAsync(string entity, OpeningFailureKind kind, string? detail, OpeningLimits? limits = null)
    {
        var opened = await InTimeAsync(Mail.Message(Mail.Bytes(entity)), limits);
        Assert.Equal(kind, opened.Message.Failure!.Kind);
        Assert.Equal(detail ?? opened.Message.Failure.Detail, opened.Message.Failure.Detail);
        Assert.Null(opened.Payload);
    }

    private static async Task<Opened> InTimeAsync(byte[] message, OpeningLimits? limits = null)
    {
        var watch = Stopwatch.StartNew();
        var opened = await Opened.FromAsync(message, Opened.Context() with { Limits = limits ?? OpeningLimits.Default });
        Assert.True(watch.Elapsed < Patience, $"It took {watch.Elapsed}.");
        return opened;
    }
}
