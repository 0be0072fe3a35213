using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Whatever writes a certificate, what contradicts the profile is not signed.</summary>
public sealed class CertificateLintTests
{
    private static readonly ECDsa AuthorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private static readonly RSA PersonKey = RSA.Create(2048);
    private static readonly PublicationPoints Points = new(
        [new Uri("http://pki.example.org/issuing.crl")], [new Uri("http://pki.example.org/issuing.cer")], [new Uri("http://ocsp.example.org/")]);

    private static readonly X509Certificate2 Issuer = IssuerCertificate();

    public static TheoryData<string, string> Mistakes => new()
    {
        { "serial", "serial number" },
        { "negative serial", "serial number" },
        { "unknown extension", "Nothing of ours has the extension 1.2.3.4" },
        { "826 days", "more than 825 days" },
        { "beyond the authority", "longer than its authority" },
        { "weak key", "too weak" },
        { "authority", "It is an authority." },
        { "no basic constraints", "basicConstraints" },
        { "basic constraints not critical", "basicConstraints is not critical" },
        { "further usage", "keyUsage" },
        { "usage not critical", "keyUsage" },
        { "no purpose", "extendedKeyUsage" },
        { "server purpose", "extendedKeyUsage" },
        { "any purpose", "extendedKeyUsage" },
        { "nocheck", "ocsp-nocheck" },
        { "no policy", "one policy" },
        { "two policies", "one policy" },
        { "any policy", "one policy" },
        { "no address", "mailboxes" },
        { "host name", "mailboxes" },
        { "address with a blank", "One of its addresses" },
        { "address twice", "One of its addresses" },
        { "empty subject", "not critical" },
        { "long name", "common name" },
        { "no key identifier", "subjectKeyIdentifier" },
        { "foreign key identifier", "another key than its issuer's" },
        { "foreign issuer", "another issuer" },
        { "no list", "where its revocation list" },
        { "list by https", "elsewhere than by http" },
        { "list by ldap", "elsewhere than by http" },
        { "no access", "where its revocation list" },
        { "unreadable names", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named(string mistake, string words)
    {
        var wrong = CertificateLint.Check(ToBeSigned(mistake), CertificateProfile.Signing, Issuer, isPublished: true);

        Assert.Contains(wrong, one => one.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_mistake_there_is_none() =>
        Assert.Empty(CertificateLint.Check(ToBeSigned(string.Empty), CertificateProfile.Signing, Issuer, isPublished: true));

    [Fact]
    public void Without_a_public_address_there_are_no_pointers() =>
        Assert.Empty(CertificateLint.Check(ToBeSigned("no list"), CertificateProfile.Signing, Issuer, isPublished: false));

    [Fact]
    public void An_authority_with_a_short_RSA_key_is_named()
    {
        using var key = RSA.Create(3072);
        var template = Template(CertificateProfile.RootAuthority, key.ExportSubjectPublicKeyInfo());

        var wrong = CertificateLint.Check(CertificateIssuer.PrepareRoot(template, SignatureScheme.RsaPkcs1Sha384), CertificateProfile.RootAuthority, null, isPublished: true);

        Assert.Contains("4096", Assert.Single(wrong), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CertificateProfile.IssuingAuthority)]
    [InlineData(CertificateProfile.Signing)]
    [InlineData(CertificateProfile.Encryption)]
    [InlineData(CertificateProfile.OcspResponder)]
    public void What_we_write_ourselves_follows_the_profile(CertificateProfile profile)
    {
        var root = IssuerCertificate(CertificateProfile.RootAuthority);
        var issuer = profile == CertificateProfile.IssuingAuthority ? root : Issuer;
        var authority = new IssuingAuthority(issuer, new TestKey(AuthorityKey), SignatureScheme.EcdsaSha384);

        Assert.Empty(CertificateLint.Check(CertificateIssuer.Prepare(Template(profile, PersonKeyOf(profile)), authority), profile, issuer, isPublished: true));
    }

    [Fact]
    public void One_profile_is_not_another()
    {
        var authority = new IssuingAuthority(Issuer, new TestKey(AuthorityKey), SignatureScheme.EcdsaSha384);
        CertificateProfile[] leaves = [CertificateProfile.Signing, CertificateProfile.Encryption, CertificateProfile.OcspResponder];
        foreach (var (made, wanted) in leaves.SelectMany(made => leaves.Where(wanted => wanted != made).Select(wanted => (made, wanted))))
        {
            var toBeSigned = CertificateIssuer.Prepare(Template(made, PersonKeyOf(made)), authority);

            Assert.NotEmpty(CertificateLint.Check(toBeSigned, wanted, Issuer, isPublished: true));
        }
    }

    private static byte[] PersonKeyOf(CertificateProfile profile) =>
        profile == CertificateProfile.IssuingAuthority ? AuthorityKey.ExportSubjectPublicKeyInfo() : PersonKey.ExportSubjectPublicKeyInfo();

    private static CertificateTemplate Template(CertificateProfile profile, byte[] key)
    {
        Assert.True(AddrSpec.TryParse("dora@example.org", out var address));
        var isPerson = profile is CertificateProfile.Signing or CertificateProfile.Encryption;
        return new CertificateTemplate(profile, new X500DistinguishedName("CN=Dora"), key, Pki.Now.AddDays(-1), Pki.Now.AddDays(300))
        {
            Addresses = isPerson ? [address] : [],
            PublicationPoints = profile is CertificateProfile.RootAuthority or CertificateProfile.OcspResponder ? PublicationPoints.None : Points,
            Policies = isPerson || profile == CertificateProfile.IssuingAuthority ? ["2.25.7"] : [],
        };
    }

    private static X509Certificate2 IssuerCertificate(CertificateProfile profile = CertificateProfile.IssuingAuthority)
    {
        var request = new CertificateRequest($"CN={profile}", AuthorityKey, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(Pki.Now.AddYears(-1), Pki.Now.AddYears(3));
    }

    // By another encoder than ours, which writes nothing that is wrong.
    private static ToBeSignedCertificate ToBeSigned(string mistake)
    {
        using var weak = RSA.Create(1024);
        var key = mistake == "weak key" ? weak : PersonKey;
        var subject = mistake switch { "empty subject" => string.Empty, "long name" => $"CN={new string('x', 65)}", _ => "CN=Dora" };
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        foreach (var extension in Extensions(request, mistake))
        {
            request.CertificateExtensions.Add(extension);
        }

        var notAfter = mistake switch { "826 days" => Pki.Now.AddDays(825), "beyond the authority" => Pki.Now.AddYears(4), _ => Pki.Now.AddDays(300) };
        var serialNumber = RandomNumberGenerator.GetBytes(mistake == "serial" ? 7 : 16);
        serialNumber[0] = (byte)(mistake == "negative serial" ? 0x90 : 0x42);
        var issuer = mistake == "foreign issuer" ? new X500DistinguishedName("CN=Somebody") : Issuer.SubjectName;
        using var signed = request.Create(issuer, X509SignatureGenerator.CreateForECDsa(AuthorityKey), Pki.Now.AddDays(-1), notAfter, serialNumber);
        var encoded = SignedBytes.Read(signed.RawData).ToBeSigned.ToArray();
        return new ToBeSignedCertificate(serialNumber, encoded, SignatureScheme.EcdsaSha384, Issuer.PublicKey.ExportSubjectPublicKeyInfo());
    }

    private static IEnumerable<X509Extension> Extensions(CertificateRequest request, string mistake)
    {
        if (mistake != "no basic constraints")
        {
            yield return new X509BasicConstraintsExtension(mistake == "authority", false, 0, critical: mistake != "basic constraints not critical");
        }

        yield return new X509KeyUsageExtension(
            mistake == "further usage" ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature, critical: mistake != "usage not critical");
        if (mistake != "no purpose")
        {
            yield return new X509EnhancedKeyUsageExtension(
                [
                    new Oid("1.3.6.1.5.5.7.3.4"),
                    .. mistake switch { "server purpose" => [new Oid("1.3.6.1.5.5.7.3.1")], "any purpose" => [new Oid("2.5.29.37.0")], _ => Array.Empty<Oid>() },
                ],
                critical: false);
        }

        if (mistake != "no key identifier")
        {
            yield return new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        }

        yield return mistake == "foreign key identifier"
            ? X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new byte[20])
            : X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        if (mistake == "unreadable names")
        {
            yield return new X509Extension("2.5.29.17", [0x30, 0x00], critical: false);
        }
        else if (mistake != "no address")
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress(mistake == "address with a blank" ? "dora @example.org" : "dora@example.org");
            if (mistake is "host name" or "address twice")
            {
                Add(names, mistake);
            }

            yield return names.Build();
        }

        if (mistake != "no policy")
        {
            yield return Policies(mistake switch { "two policies" => ["2.25.7", "2.25.8"], "any policy" => ["2.5.29.32.0"], _ => ["2.25.7"] });
        }

        if (mistake != "no list")
        {
            yield return CertificateRevocationListBuilder.BuildCrlDistributionPointExtension(
                [mistake switch { "list by https" => "https://pki.example.org/x.crl", "list by ldap" => "ldap://pki.example.org/x", _ => "http://pki.example.org/x.crl" }]);
        }

        if (mistake != "no access")
        {
            yield return new X509AuthorityInformationAccessExtension(["http://ocsp.example.org/"], ["http://pki.example.org/issuing.cer"]);
        }

        if (mistake is "unknown extension" or "nocheck")
        {
            yield return new X509Extension(mistake == "nocheck" ? "1.3.6.1.5.5.7.48.1.5" : "1.2.3.4", [0x05, 0x00], critical: false);
        }
    }

    private static void Add(SubjectAlternativeNameBuilder names, string mistake)
    {
        if (mistake == "host name")
        {
            names.AddDnsName("example.org");
        }
        else
        {
            names.AddEmailAddress("dora@example.org");
        }
    }

    private static X509Extension Policies(IReadOnlyList<string> policies)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        ExtensionWriter.WritePolicies(writer, policies);
        var extension = Extension.Read(new System.Formats.Asn1.AsnReader(writer.Encode(), System.Formats.Asn1.AsnEncodingRules.DER));
        return new X509Extension(extension.Type, extension.Value.ToArray(), critical: false);
    }
}
