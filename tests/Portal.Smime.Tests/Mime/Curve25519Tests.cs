using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Ed25519 signers (RFC 8419) and X25519 recipients (RFC 8418), with the people of RFC 9216.</summary>
public sealed class Curve25519Tests : IDisposable
{
    private const string Carlos = "carlos@smime.example";
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(SignedForm.Detached)]
    [InlineData(SignedForm.Opaque)]
    public async Task An_Ed25519_signature_is_valid(SignedForm form)
    {
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), Signer(), form, Vectors.Now);

        var opened = await Opened.FromAsync(Mail.Message(signed, Carlos, Vectors.Now), Context());

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Theory]
    [InlineData(ContentCipher.Aes256Gcm, NamedBy.IssuerAndSerialNumber)]
    [InlineData(ContentCipher.Aes128Cbc, NamedBy.SubjectKeyIdentifier)]
    public async Task What_is_encrypted_for_X25519_is_opened(ContentCipher cipher, NamedBy namedBy)
    {
        using var written = new MemoryStream();
        var recipient = new RecipientCertificate(Vectors.Certificate("rfc9216/carlos.encrypt.crt.pem"), KeyTransportScheme.RsaOaepSha256) { NamedBy = namedBy };
        await EncryptedEntity.WriteAsync(new MemoryStream(Mail.Bytes(Mail.Text)), [recipient], cipher, written, default);

        var opened = await Opened.FromAsync(Mail.Message(written.ToArray()), Context());

        Assert.Equal(Mail.Text, Mail.String(opened.Payload!));
        Assert.Equal("1.2.840.113549.1.9.16.3.19", Assert.Single(opened.Message.Layers[0].Recipients).Algorithm);
    }

    [Fact]
    public async Task The_shared_secret_is_the_one_that_openssl_derives()
    {
        using var carlos = Vectors.Key("rfc9216/carlos.decrypt.key.der");
        using var dana = Vectors.Key("rfc9216/dana.decrypt.key.der");
        var key = _bench.Write("carlos.der", Vectors.Read("rfc9216/carlos.decrypt.key.der"));
        var peer = _bench.Write("dana.der", dana.SubjectPublicKeyInfo());

        var theirs = await _bench.RunAsync("pkeyutl", "-derive", "-inkey", key, "-keyform", "DER", "-peerkey", peer, "-peerform", "DER");

        Assert.Equal(theirs, (await carlos.DeriveAsync(dana.SubjectPublicKeyInfo(), default)).ToArray());
    }

    private static Signer Signer() => new(
        Vectors.Certificate("rfc9216/carlos.sign.crt.pem"), [], Vectors.Key("rfc9216/carlos.sign.key.der"), SignatureScheme.Ed25519)
    {
        EncryptionCertificate = Vectors.Certificate("rfc9216/carlos.encrypt.crt.pem"),
    };

    private static OpeningContext Context() =>
        Opened.Context(Vectors.Trusting("rfc9216/ca.25519.crt.pem"), Vectors.KeysOf("carlos")) with { ReceivedAt = Vectors.Now };
}
