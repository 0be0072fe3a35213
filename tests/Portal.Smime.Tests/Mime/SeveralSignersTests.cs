using System.Security.Cryptography;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Mime;

/// <summary>Every scheme that we sign by, alone and side by side, verified by openssl and by ourselves.</summary>
public sealed class SeveralSignersTests : IDisposable
{
    private readonly Workbench _bench = new();

    public static TheoryData<string, SignatureScheme, SignedForm, NamedBy> Schemes
    {
        get
        {
            var cases = new TheoryData<string, SignatureScheme, SignedForm, NamedBy>();
            (string, SignatureScheme)[] signers =
            [
                ("alice", SignatureScheme.RsaPkcs1Sha256), ("alice", SignatureScheme.RsaPkcs1Sha384), ("alice", SignatureScheme.RsaPkcs1Sha512),
                ("alice", SignatureScheme.RsaPssSha256), ("alice", SignatureScheme.RsaPssSha384), ("alice", SignatureScheme.RsaPssSha512),
                ("P256", SignatureScheme.EcdsaSha256), ("P384", SignatureScheme.EcdsaSha384), ("P521", SignatureScheme.EcdsaSha512),
            ];
            foreach (var (person, scheme) in signers)
            {
                foreach (var form in Enum.GetValues<SignedForm>())
                {
                    cases.Add(person, scheme, form, NamedBy.IssuerAndSerialNumber);
                    cases.Add(person, scheme, form, NamedBy.SubjectKeyIdentifier);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Openssl_and_we_verify_every_scheme(string name, SignatureScheme scheme, SignedForm form, NamedBy namedBy)
    {
        var person = name == "alice" ? Pki.Alice : Curves.Find(name);
        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), person.Signer with { Scheme = scheme, NamedBy = namedBy }, form);

        Assert.Equal(Mail.Text, Mail.String(await VerifyAsync(signed)));
        var opened = await Opened.FromAsync(Mail.Message(signed, person.Address));
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    [Theory]
    [InlineData(SignedForm.Detached)]
    [InlineData(SignedForm.Opaque)]
    public async Task Three_signers_with_three_digests_are_verified_together(SignedForm form)
    {
        var address = Pki.Alice.Address;
        var second = Person.With(address, ECDsa.Create(ECCurve.NamedCurves.nistP384));
        var third = Person.With(address, ECDsa.Create(ECCurve.NamedCurves.nistP521));
        Signer[] signers =
        [
            Pki.Alice.Signer,
            second.Signer with { Scheme = SignatureScheme.EcdsaSha384 },
            third.Signer with { Scheme = SignatureScheme.EcdsaSha512, NamedBy = NamedBy.SubjectKeyIdentifier },
        ];

        var signed = await Mail.SignAsync(Mail.Bytes(Mail.Text), signers, form, new SigningProperties(Pki.Now));

        Assert.Equal(Mail.Text, Mail.String(await VerifyAsync(signed)));
        var opened = await Opened.FromAsync(Mail.Message(signed));
        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
        Assert.Equal(3, opened.Summary.Signers.Count);
    }

    [Fact]
    public async Task Nobody_to_sign_is_a_mistake() => await Assert.ThrowsAsync<ArgumentException>(() =>
        Mail.SignAsync(Mail.Bytes(Mail.Text), [], SignedForm.Opaque, new SigningProperties(Pki.Now)));

    [Theory]
    [InlineData("rsa_pss_saltlen:0")]
    [InlineData("rsa_pss_saltlen:100")]
    [InlineData("rsa_pss_saltlen:max")]
    [InlineData("rsa_mgf1_md:sha1")]
    [InlineData("rsa_mgf1_md:sha512")]
    public async Task PSS_with_any_parameters_is_read(string option)
    {
        var text = _bench.Write("text", Mail.Bytes(Mail.Text));
        var signed = await _bench.RunAsync(
            "cms", "-sign", "-in", text, "-certfile", _bench.Chain, "-signer", _bench.CertificateOf(Pki.Alice), "-inkey", _bench.KeyOf(Pki.Alice),
            "-keyopt", "rsa_padding_mode:pss", "-keyopt", option);

        var opened = await Opened.FromAsync(Mail.Message(signed));

        Assert.True(opened.Verdict == Verdict.SignedValid, opened.Why);
    }

    private async Task<byte[]> VerifyAsync(byte[] signed)
    {
        var path = _bench.Write("signed.eml", signed);
        return await _bench.RunAsync("cms", "-verify", "-in", path, "-CAfile", _bench.Root, "-purpose", "smimesign", "-cades");
    }
}
