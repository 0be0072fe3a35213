using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>NSS and gpgsm, both ways, for what they read: AES-CBC with RSA PKCS#1.</summary>
public sealed class OlderSoftwareTests(NssDatabase nss, GpgsmHome gpgsm) : IClassFixture<NssDatabase>, IClassFixture<GpgsmHome>
{
    private static readonly byte[] Content = Mail.Bytes(Mail.Text);

    [Fact]
    public async Task What_they_encrypt_is_opened()
    {
        foreach (var structure in new[] { await nss.EncryptAsync(Content, Pki.Bob), await gpgsm.EncryptAsync(Content, Pki.Bob) })
        {
            var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

            Assert.True(opened.Payload is not null, opened.Why);
            Assert.Equal(Mail.Text, Mail.String(opened.Payload));
        }
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Cbc)]
    [InlineData(ContentCipher.Aes128Cbc)]
    public async Task They_decrypt_what_we_encrypt_for_old_software(ContentCipher cipher)
    {
        var structure = Mail.Structure(await Mail.EncryptAsync(Content, cipher, KeyTransportScheme.RsaPkcs1, Pki.Bob, Pki.Alice));

        Assert.Equal(Mail.Text, Mail.String(await nss.DecodeAsync(structure)));
        Assert.Equal(Mail.Text, Mail.String(await gpgsm.DecryptAsync(structure)));
    }

    [Fact]
    public async Task What_they_sign_holds()
    {
        foreach (var structure in new[] { await nss.SignAsync(Content, Pki.Alice), await gpgsm.SignAsync(Content, Pki.Alice) })
        {
            var opened = await Opened.FromAsync(Mail.Message(Mail.Pkcs7Mime(structure)));

            Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
            Assert.All(opened.Summary.Signers, signer => Assert.NotEqual(SignerState.Invalid, signer.State));
        }
    }

    [Fact]
    public async Task They_verify_what_we_sign()
    {
        var rsa = Mail.Structure(await Mail.SignAsync(Content, Pki.Alice.Signer, SignedForm.Opaque));
        var curve = Mail.Structure(await Mail.SignAsync(Content, Pki.Carol.Signer, SignedForm.Opaque));

        foreach (var structure in new[] { rsa, curve })
        {
            Assert.Equal(Mail.Text, Mail.String(await nss.DecodeAsync(structure)));
            Assert.Equal(Mail.Text, Mail.String(await gpgsm.VerifyAsync(structure)));
        }
    }
}
