using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Who may sign mail: what certificate, key and path have to say.</summary>
public sealed class SignerCertificateTests
{
    private const string Address = "dora@example.org";

    private static readonly CertificateWish Good = new(Address);
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task A_good_certificate_is_valid() => await ValidAsync(Good);

    [Fact]
    public async Task One_of_several_addresses_suffices() => await ValidAsync(new CertificateWish("other@example.org", Address));

    [Fact]
    public async Task NonRepudiation_alone_may_sign() => await ValidAsync(Good with { KeyUsage = X509KeyUsageFlags.NonRepudiation });

    [Fact]
    public async Task A_certificate_for_servers_is_untrusted() =>
        await UntrustedAsync(Good with { Purposes = ["1.3.6.1.5.5.7.3.1"] }, SignerReason.WrongExtendedKeyUsage);

    [Fact]
    public async Task A_certificate_for_encryption_only_is_untrusted() =>
        await UntrustedAsync(Good with { KeyUsage = X509KeyUsageFlags.KeyEncipherment }, SignerReason.WrongKeyUsage);

    [Fact]
    public async Task An_authority_signs_no_mail() => await UntrustedAsync(Good with { IsAuthority = true }, SignerReason.AuthorityCertificate);

    [Fact]
    public async Task An_expired_certificate_is_untrusted() =>
        await UntrustedAsync(Good with { NotAfter = Pki.Now.AddSeconds(-1) }, SignerReason.Expired);

    [Fact]
    public async Task A_certificate_that_is_not_valid_yet_is_untrusted() =>
        await UntrustedAsync(Good with { NotBefore = Pki.Now.AddHours(1) }, SignerReason.NotYetValid);

    [Fact]
    public async Task A_certificate_of_a_stranger_is_untrusted() =>
        await UntrustedAsync(Pki.Stranger.Issue(Good, Key), SignerReason.UnknownAuthority);

    [Fact]
    public async Task A_self_signed_certificate_is_untrusted()
    {
        var request = new CertificateRequest("CN=Dora", Key, HashAlgorithmName.SHA256);
        foreach (var extension in Good.Extensions(request.PublicKey))
        {
            request.CertificateExtensions.Add(extension);
        }

        await UntrustedAsync(request.CreateSelfSigned(Good.NotBefore, Good.NotAfter), SignerReason.UnknownAuthority);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_that_does_not_say_what_it_is_for_is_a_matter_of_policy(bool withoutPurpose)
    {
        var wish = withoutPurpose ? Good with { Purposes = null } : Good with { KeyUsage = null };
        await UntrustedAsync(wish, SignerReason.UnrestrictedCertificate);

        var accepting = Opened.Context() with { UnrestrictedCertificates = UnrestrictedCertificates.Accept };
        var opened = await OpenAsync(Pki.Issuing.Issue(wish, Key), Key, accepting);
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Fact]
    public async Task A_certificate_for_any_purpose_is_denied_by_default() =>
        await UntrustedAsync(Good with { Purposes = [Oids.AnyExtendedKeyUsage] }, SignerReason.UnrestrictedCertificate);

    [Fact]
    public async Task An_address_in_the_subject_only_is_none() =>
        await UntrustedAsync(new CertificateWish { Subject = $"CN={Address}, E={Address}" }, SignerReason.AddressMismatch);

    [Theory]
    [InlineData("dora@example.org\0.evil.example")]
    [InlineData("dora@example.org.")]
    [InlineData(" dora@example.org")]
    [InlineData("Dora@example.org")]
    [InlineData("dora@sub.example.org")]
    [InlineData("example.org")]
    [InlineData("dora@example.org@evil.example")]
    public async Task A_name_that_only_looks_like_the_address_is_untrusted(string name)
    {
        var wish = new CertificateWish { Further = [SubjectAltName(name)] };

        await UntrustedAsync(wish, SignerReason.AddressMismatch);
    }

    [Fact]
    public async Task An_unknown_critical_extension_is_refused() =>
        await UntrustedAsync(Good with { Further = [new X509Extension("1.3.6.1.4.1.99999.1", [0x05, 0x00], critical: true)] }, SignerReason.PathInvalid);

    [Fact]
    public async Task A_short_RSA_key_is_weak()
    {
        using var rsa = RSA.Create(1024);

        await UntrustedAsync(Pki.Issuing.Issue(Good, rsa), rsa, SignerReason.WeakKey);
    }

    [Fact]
    public async Task A_small_RSA_exponent_is_weak()
    {
        using var bench = new Workbench();
        var pem = await bench.RunAsync("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3");
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Mail.String(pem));

        await UntrustedAsync(Pki.Issuing.Issue(Good, rsa), rsa, SignerReason.WeakKey);
    }

    [Fact]
    public async Task A_certificate_signed_with_SHA1_is_not_valid()
    {
        var certificate = Pki.Issuing.Issue(Good with { Hash = HashAlgorithmName.SHA1 }, Key);

        Assert.Equal(Verdict.SignedUntrusted, (await OpenAsync(certificate, Key, Opened.Context())).Verdict);
    }

    [Fact]
    public async Task A_person_cannot_issue()
    {
        var person = Pki.Issuing.Subordinate("No Authority", request =>
        {
            request.CertificateExtensions.Clear();
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        });

        await UntrustedAsync(person, SignerReason.PathInvalid, SignerReason.UnknownAuthority);
    }

    [Fact]
    public async Task A_path_longer_than_its_constraint_is_refused()
    {
        var shortest = Pki.Issuing.Subordinate("Zero", request =>
        {
            request.CertificateExtensions.RemoveAt(0);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        });
        var beyond = shortest.Subordinate("Beyond");

        await UntrustedAsync(beyond, SignerReason.PathInvalid, shortest.Certificate);
    }

    [Fact]
    public async Task An_address_outside_the_name_constraints_is_refused()
    {
        // permittedSubtrees: rfc822Name of the host example.net.
        byte[] permitted = [0x30, 0x11, 0xa0, 0x0f, 0x30, 0x0d, 0x81, 0x0b, .. "example.net"u8];
        var constrained = Pki.Issuing.Subordinate("Constrained", request =>
            request.CertificateExtensions.Add(new X509Extension("2.5.29.30", permitted, critical: true)));

        await UntrustedAsync(constrained, SignerReason.PathInvalid);
        var holder = constrained.Issue(Good, Key);
        var opened = await OpenAsync(holder, Key, Opened.Context(), [constrained.Certificate]);
        var step = Assert.Single(OpeningSteps.Of(opened.Message), one => one.Kind == OpeningStepKind.Certificate);
        Assert.Equal((PathFailure.NameConstraints, holder), (step.PathFailure, step.FailedCertificate));
    }

    [Fact]
    public async Task An_authority_above_that_has_expired_is_the_one_that_is_named()
    {
        var later = Pki.Now.AddYears(40);

        var opened = await OpenAsync(Pki.Issuing.Issue(Good with { NotAfter = later.AddDays(1) }, Key), Key, Opened.Context() with { ReceivedAt = later });

        var step = Assert.Single(OpeningSteps.Of(opened.Message), one => one.Kind == OpeningStepKind.Certificate);
        Assert.Equal((PathFailure.Expired, "CN=Test Root"), (step.PathFailure, step.FailedCertificate?.Subject));
    }

    [Fact]
    public async Task An_authority_for_servers_only_cannot_vouch_for_mail()
    {
        var servers = Pki.Issuing.Subordinate("Servers", request =>
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)));

        await UntrustedAsync(servers, SignerReason.WrongExtendedKeyUsage);
    }

    [Fact]
    public async Task Backdating_does_not_revive_an_expired_certificate()
    {
        var certificate = Pki.Issuing.Issue(Good with { NotBefore = Pki.Now.AddDays(-60), NotAfter = Pki.Now.AddDays(-30) }, Key);
        var then = Pki.Now.AddDays(-40);
        var signer = new Signer(certificate, [Pki.Issuing.Certificate], new TestKey(Key), SignatureScheme.EcdsaSha256);
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), signer, signingTime: then);

        var opened = await Opened.FromAsync(Mail.Message(signed, Address, then));
        var atReceipt = await Opened.FromAsync(Mail.Message(signed, Address, then), Opened.Context() with { ReceivedAt = then });

        Assert.Equal(SignerReason.Expired, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
        Assert.True(atReceipt.Verdict == Verdict.SignedValid, atReceipt.Why);
    }

    [Fact]
    public async Task A_signing_time_outside_the_validity_is_untrusted()
    {
        var certificate = Pki.Issuing.Issue(Good with { NotBefore = Pki.Now.AddHours(-1) }, Key);
        var signer = new Signer(certificate, [Pki.Issuing.Certificate], new TestKey(Key), SignatureScheme.EcdsaSha256);
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), signer, signingTime: Pki.Now.AddHours(-2));

        var opened = await Opened.FromAsync(Mail.Message(signed, Address));

        Assert.Equal(SignerReason.SigningTimeOutsideValidity, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    [Fact]
    public async Task A_certificate_with_another_key_is_invalid()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var opened = await OpenAsync(Pki.Issuing.Issue(Good, other), Key, Opened.Context());

        Assert.Equal(Verdict.SignedInvalid, opened.Verdict);
        Assert.Equal(SignerReason.SignatureBroken, Assert.Single(Assert.Single(opened.Summary.Signers).Reasons));
    }

    private static X509Extension SubjectAltName(string address)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, address, new Asn1Tag(TagClass.ContextSpecific, 1));
        }

        return new X509Extension(Oids.SubjectAltName, writer.Encode(), critical: false);
    }

    private static async Task ValidAsync(CertificateWish wish)
    {
        var opened = await OpenAsync(Pki.Issuing.Issue(wish, Key), Key, Opened.Context());
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    private static Task UntrustedAsync(CertificateWish wish, SignerReason reason) => UntrustedAsync(Pki.Issuing.Issue(wish, Key), Key, reason);

    private static Task UntrustedAsync(X509Certificate2 certificate, SignerReason reason) => UntrustedAsync(certificate, Key, reason);

    private static async Task UntrustedAsync(X509Certificate2 certificate, AsymmetricAlgorithm key, SignerReason reason)
    {
        var opened = await OpenAsync(certificate, key, Opened.Context());
        Assert.True(opened.Verdict == Verdict.SignedUntrusted, opened.Why);
        Assert.Contains(reason, Assert.Single(opened.Summary.Signers).Reasons);
    }

    private static async Task UntrustedAsync(TestAuthority issuer, SignerReason reason, params X509Certificate2[] between)
    {
        var opened = await OpenAsync(issuer.Issue(Good, Key), Key, Opened.Context(), [issuer.Certificate, .. between]);
        Assert.True(opened.Verdict == Verdict.SignedUntrusted, opened.Why);
        Assert.Equal([reason], Assert.Single(opened.Summary.Signers).Reasons);
    }

    private static async Task UntrustedAsync(TestAuthority issuer, SignerReason one, SignerReason other)
    {
        var opened = await OpenAsync(issuer.Issue(Good, Key), Key, Opened.Context(), [issuer.Certificate]);
        Assert.True(opened.Verdict == Verdict.SignedUntrusted, opened.Why);
        Assert.Contains(Assert.Single(Assert.Single(opened.Summary.Signers).Reasons), new[] { one, other });
    }

    private static async Task<Opened> OpenAsync(
        X509Certificate2 certificate,
        AsymmetricAlgorithm key,
        OpeningContext context,
        params X509Certificate2[] between)
    {
        var scheme = key is RSA ? SignatureScheme.RsaPkcs1Sha256 : SignatureScheme.EcdsaSha256;
        var signer = new Signer(certificate, [Pki.Issuing.Certificate, .. between], new TestKey(key), scheme);
        return await Opened.FromAsync(Mail.Message(await Mail.SignAsync(Mail.Bytes(Mail.Text), signer), Address), context);
    }
}
