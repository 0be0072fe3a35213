using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Bouncy Castle for Java, both ways: AuthEnvelopedData and key agreement by code that shares nothing with openssl.</summary>
public sealed class BouncyCastleTests(BouncyCastleForJava java) : IClassFixture<BouncyCastleForJava>
{
    private static readonly byte[] Content = Mail.Bytes(Mail.Text);

    [Theory]
    [InlineData("AES256-GCM", "bob")]
    [InlineData("AES128-GCM", "P256")]
    [InlineData("AES256-GCM", "P384")]
    [InlineData("AES256-CBC", "P521")]
    public async Task What_it_encrypts_is_opened(string cipher, string recipient)
    {
        var person = Find(recipient);
        var structure = await java.EncryptAsync(cipher, person, Content);

        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)), Opened.Context(keys: TestKeys.Of(person)));

        Assert.True(opened.Payload is not null, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(opened.Payload));
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm, "bob")]
    [InlineData(ContentCipher.Aes128Gcm, "P256")]
    [InlineData(ContentCipher.Aes256Gcm, "P384")]
    [InlineData(ContentCipher.Aes256Cbc, "P521")]
    public async Task It_decrypts_what_we_encrypt(ContentCipher cipher, string recipient)
    {
        var person = Find(recipient);
        var structure = Mail.Structure(await Mail.EncryptAsync(Content, cipher, recipients: person));

        Assert.Equal(Mail.Text, Mail.String(await java.DecryptAsync(person, structure)));
    }

    [Fact]
    public async Task It_verifies_several_signers_of_ours()
    {
        Signer[] signers =
        [
            Pki.Alice.Signer with { Scheme = SignatureScheme.RsaPssSha384 },
            Pki.Alice.Signer with { Scheme = SignatureScheme.RsaPssSha512, NamedBy = NamedBy.SubjectKeyIdentifier },
            Curves.P521.Signer with { Scheme = SignatureScheme.EcdsaSha512 },
        ];
        var detached = await Mail.SignAsync(Content, signers, SignedForm.Detached, new SigningProperties(Pki.Now));
        var opaque = await Mail.SignAsync(Content, signers, SignedForm.Opaque, new SigningProperties(Pki.Now));

        Assert.Equal(3, await java.VerifyAsync(Mail.Structure(detached), Content));
        Assert.Equal(3, await java.VerifyAsync(Mail.Structure(opaque)));
    }

    [Fact]
    public async Task Ed25519_signatures_hold_both_ways()
    {
        var key = Vectors.Read("rfc9216/carlos.sign.key.der");
        var certificate = Vectors.Certificate("rfc9216/carlos.sign.crt.pem");
        var signer = new Signer(certificate, [], Vectors.Key("rfc9216/carlos.sign.key.der"), SignatureScheme.Ed25519);

        Assert.Equal(1, await java.VerifyAsync(Mail.Structure(await Mail.SignAsync(Content, signer, SignedForm.Opaque))));
        var theirs = await java.SignAsync("Ed25519", key, certificate.RawData, Content);
        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(theirs)), Opened.Context(Vectors.Trusting("rfc9216/ca.25519.crt.pem")));
        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
        Assert.All(opened.Summary.Signers, one => Assert.NotEqual(SignerState.Invalid, one.State));
    }

    [Fact]
    public async Task What_it_compresses_is_read()
    {
        var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(await java.CompressAsync(Content))));

        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
    }

    private static Person Find(string name) => name == "bob" ? Pki.Bob : Curves.Find(name);
}
