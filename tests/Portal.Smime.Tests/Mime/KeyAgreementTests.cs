using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>ECDH recipients (RFC 5753), both ways with openssl, and X25519 (RFC 8418) by our own hand only: openssl 3.0 has none in CMS.</summary>
public sealed class KeyAgreementTests : IDisposable
{
    private readonly Workbench _bench = new();

    public static TheoryData<string, string> Written
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var curve in new[] { "P256", "P384", "P521" })
            {
                foreach (var options in new[]
                         {
                             "-aes256", "-aes128 -keyid", "-aes-256-gcm", "-aes-128-gcm -keyopt ecdh_kdf_md:sha256",
                             "-aes256 -keyopt ecdh_kdf_md:sha384", "-aes256 -keyopt ecdh_kdf_md:sha512 -keyopt ecdh_cofactor_mode:1",
                         })
                {
                    cases.Add(curve, options);
                }
            }

            return cases;
        }
    }

    public static TheoryData<string, ContentCipher, NamedBy> Ours
    {
        get
        {
            var cases = new TheoryData<string, ContentCipher, NamedBy>();
            foreach (var curve in new[] { "P256", "P384", "P521" })
            {
                foreach (var cipher in new[] { ContentCipher.Aes256Gcm, ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc })
                {
                    cases.Add(curve, cipher, NamedBy.IssuerAndSerialNumber);
                    cases.Add(curve, cipher, NamedBy.SubjectKeyIdentifier);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Written))]
    public async Task What_openssl_encrypts_by_agreement_is_opened(string curve, string options)
    {
        var person = Curves.Find(curve);
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        var all = options.Split(' ');
        var keyOptions = all.SkipWhile(option => option != "-keyopt").ToArray();
        var encrypted = await _bench.RunAsync(
            ["cms", "-encrypt", "-in", text, .. all.TakeWhile(option => option != "-keyopt"), "-recip", _bench.CertificateOf(person), .. keyOptions]);

        var opened = await Opened.FromAsync(Mail.Message(encrypted), Opened.Context(keys: TestKeys.Of(person)));

        Assert.True(opened.Payload is not null, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload));
        Assert.Equal(RecipientKind.KeyAgreement, Assert.Single(opened.Message.Layers[0].Recipients).Kind);
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public async Task What_we_encrypt_by_agreement_is_opened_by_openssl(string curve, ContentCipher cipher, NamedBy namedBy)
    {
        var person = Curves.Find(curve);
        using var written = new MemoryStream();
        var recipient = new RecipientCertificate(person.Certificate, KeyTransportScheme.RsaOaepSha256) { NamedBy = namedBy };
        await EncryptedEntity.WriteAsync(new MemoryStream(Mail.Bytes(Mail.Text)), [recipient], cipher, written, default);
        var path = _bench.Write("encrypted.eml", written.ToArray());

        var plaintext = await _bench.RunAsync("cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(person), "-inkey", _bench.KeyOf(person));

        Assert.Equal(Mail.Text, Mail.String(plaintext));
    }

    [Fact]
    public async Task Recipients_with_keys_of_all_kinds_share_one_message()
    {
        Person[] everybody = [Pki.Bob, Curves.P256, Curves.P384, Curves.P521, Pki.Alice];
        var message = Mail.Message(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm, KeyTransportScheme.RsaOaepSha256, everybody));
        var path = _bench.Write("shared.eml", message);

        foreach (var person in everybody)
        {
            var opened = await Opened.FromAsync(message, Opened.Context(keys: TestKeys.Of(person)));
            Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
            var plaintext = await _bench.RunAsync("cms", "-decrypt", "-in", path, "-recip", _bench.CertificateOf(person), "-inkey", _bench.KeyOf(person));
            Assert.Equal(Mail.Text, Mail.String(plaintext));
        }
    }

    [Fact]
    public async Task A_wrapped_key_that_was_changed_fails_like_any_wrong_key()
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Cbc, recipients: Curves.P256));

        // The last byte of the wrapped key stands right before encryptedContentInfo (30 80 06 09: SEQUENCE, id-data).
        var after = structure.AsSpan().IndexOf(Convert.FromHexString("308006092a864886f70d010701"));
        structure[after - 1] ^= 1;

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)), Opened.Context(keys: TestKeys.Of(Curves.P256)));

        Assert.Equal(new OpeningFailure(OpeningFailureKind.DecryptionFailed), opened.Message.Failure);
    }

    [Fact]
    public async Task A_point_that_is_on_no_curve_is_refused()
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Mail.Bytes(Mail.Text), ContentCipher.Aes256Gcm, recipients: Curves.P256));
        var point = structure.AsSpan().IndexOf(Convert.FromHexString("03420004"));
        structure[point + 20] ^= 1;

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)), Opened.Context(keys: TestKeys.Of(Curves.P256)));

        Assert.Equal(OpeningFailureKind.KeyRefused, opened.Message.Failure!.Kind);
    }

    [Fact]
    public async Task Nothing_is_encrypted_for_a_point_that_is_none_of_its_curve()
    {
        var key = Curves.P256.Certificate.PublicKey;
        var point = key.EncodedKeyValue.RawData.ToArray();
        point[^1] ^= 1;
        var request = new CertificateRequest(
            new X500DistinguishedName("CN=Off"), new PublicKey(key.Oid, key.EncodedParameters, new AsnEncodedData(point)), HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            new X500DistinguishedName("CN=Issuer"), X509SignatureGenerator.CreateForRSA(Pki.Rsa, RSASignaturePadding.Pkcs1), Pki.Now, Pki.Now.AddDays(1), [1]);

        await Assert.ThrowsAsync<ArgumentException>(() => EncryptedEntity.WriteAsync(
            new MemoryStream(Mail.Bytes(Mail.Text)), [new RecipientCertificate(certificate, KeyTransportScheme.RsaOaepSha256)], ContentCipher.Aes256Gcm, Stream.Null, default));
    }
}
