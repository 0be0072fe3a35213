using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>What the signed attributes bind: one certificate, one content type, one digest.</summary>
public sealed class SignedAttributesTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("-cades", SignerReason.SigningCertificateMismatch)]
    [InlineData("", null)]
    public async Task A_signature_does_not_move_to_another_certificate_of_the_same_key(string options, SignerReason? reason)
    {
        // Same key, hence same key identifier: only SigningCertificateV2 tells the two certificates apart.
        var other = Person.With("mallory@evil.example", Pki.Alice.Key);
        var signed = await _bench.RunAsync(
        [
            "cms", "-sign", "-keyid", "-outform", "DER", "-in", _bench.Write("text", Mail.Bytes(Mail.Text)), "-nocerts",
            "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice),
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
        var swapped = Forgery.SignedData(null, [other.Certificate, Pki.Issuing.Certificate], Forgery.SignerInfo(signed));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, swapped), "mallory@evil.example"));

        Assert.Equal(reason is null ? Verdict.SignedValid : Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(reason is { } one ? [one] : [], Assert.Single(opened.Summary.Signers).Reasons);
    }

    [Fact]
    public async Task The_certificate_that_the_signature_names_is_found_among_others_of_the_same_key()
    {
        var other = Person.With("mallory@evil.example", Pki.Alice.Key);
        var signed = await _bench.RunAsync(
            "cms", "-sign", "-keyid", "-cades", "-outform", "DER", "-in", _bench.Write("text", Mail.Bytes(Mail.Text)), "-nocerts",
            "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice));
        var both = Forgery.SignedData(null, [other.Certificate, Pki.Alice.Certificate, Pki.Issuing.Certificate], Forgery.SignerInfo(signed));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, both)));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Fact]
    public async Task Content_of_another_type_than_signed_is_invalid()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var relabelled = Forgery.Replace(
            structure, Convert.FromHexString("300B06092A864886F70D010701"), Convert.FromHexString("300B06092A864886F70D010705"));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, relabelled)));

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.ContentTypeMismatch, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    /// <summary>RFC 5652 §5.4: the signature is over their DER encoding, in whatever order they came.</summary>
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, SignerReason.SignatureBroken)]
    public async Task Attributes_out_of_order_are_judged_in_order(bool signedAsSent, SignerReason? reason)
    {
        var info = Forgery.SignerInfo(Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice)));
        var key = (RSA)Pki.Alice.Key;
        var unsorted = Forgery.Unsorted(info, signedAsSent ? set => key.SignData(set, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : null);
        Assert.NotEqual(info, unsorted);

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, Forgery.SignedData(null, [Pki.Alice.Certificate, Pki.Issuing.Certificate], unsorted))));

        Assert.Equal(reason is null ? Verdict.SignedValid : Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(reason is { } one ? [one] : [], Assert.Single(opened.Summary.Signers).Reasons);
    }

    [Fact]
    public async Task A_digest_that_was_not_announced_was_not_computed()
    {
        var structure = Mail.Structure(await Mail.SignAsync(Mail.Text, Pki.Alice));
        var announced = Convert.FromHexString("310D300B0609608648016503040201");
        var relabelled = Forgery.Replace(structure, announced, Convert.FromHexString("310D300B0609608648016503040202"));

        var opened = await Opened.FromAsync(Mail.Message(Mail.MultipartSigned(Mail.Text, relabelled)));

        Assert.Equal(SignerReason.DigestMismatch, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task Our_capabilities_and_the_preferred_encryption_certificate_arrive()
    {
        var signer = Pki.Carol.Signer with { EncryptionCertificate = Pki.Bob.Certificate };

        var opened = await Opened.FromAsync(Mail.Message(await Mail.SignAsync(Mail.Bytes(Mail.Text), signer), "carol@example.org"));

        var summary = Assert.Single(opened.Summary.Signers);
        Assert.Equal(Pki.Bob.Certificate, summary.EncryptionCertificate);
        Assert.Equal(ContentCipher.Aes256Gcm.ObjectIdentifier(), summary.Capabilities[0]);
        Assert.Equal(Pki.Now, summary.SigningTime);
    }

    [Fact]
    public async Task The_key_is_asked_once()
    {
        var key = new TestKey(Pki.Alice.Key);

        await Mail.SignAsync(Mail.Bytes(Mail.Text), Pki.Alice.Signer with { Key = key }, SignedForm.Opaque);

        Assert.Equal(1, key.Calls);
    }

    [Fact]
    public async Task A_key_that_cannot_sign_is_said_so()
    {
        var key = new TestKey(Pki.Alice.Key) { Failure = KeyStoreFailure.Unavailable };

        await Assert.ThrowsAsync<KeyStoreException>(() => Mail.SignAsync(Mail.Bytes(Mail.Text), Pki.Alice.Signer with { Key = key }));
    }

    [Theory]
    [InlineData(384)]
    [InlineData(521)]
    public async Task Larger_curves_sign_and_verify(int bits)
    {
        var person = Person.With("dora@example.org", ECDsa.Create(bits == 384 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521));
        var signer = person.Signer with { Scheme = bits == 384 ? SignatureScheme.EcdsaSha384 : SignatureScheme.EcdsaSha512 };

        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), signer);

        var opened = await Opened.FromAsync(Mail.Message(signed, person.Address));
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(Mail.Text, Mail.String(await _bench.RunAsync("cms", "-verify", "-in", _bench.Write("s.eml", signed), "-CAfile", _bench.Root)));
    }

    [Fact]
    public async Task An_Ed25519_signature_is_verified()
    {
        var key = _bench.Write("ed.key", await _bench.RunAsync("genpkey", "-algorithm", "ed25519"));
        var message = Mail.Bytes(Mail.Text);
        var signature = await _bench.RunAsync("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", _bench.Write("text", message));
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(await _bench.RunAsync("pkey", "-in", key, "-pubout", "-outform", "DER"), out _);
        var algorithm = SignatureAlgorithm.Find(AlgorithmIdentifier.WithoutParameters(Oids.Ed25519))!;

        Assert.True(PublicKeyVerifier.Verify(publicKey, algorithm, message, signature));
        Assert.False(PublicKeyVerifier.Verify(publicKey, algorithm, message.AsSpan(1), signature));
        Assert.False(PublicKeyVerifier.Verify(Pki.Carol.Certificate.PublicKey, algorithm, message, signature));
        signature[40] ^= 1;
        Assert.False(PublicKeyVerifier.Verify(publicKey, algorithm, message, signature));
    }
}
