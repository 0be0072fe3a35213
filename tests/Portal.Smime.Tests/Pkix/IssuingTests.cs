using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>What we issue, and what openssl says of it.</summary>
public sealed class IssuingTests : IAsyncLifetime
{
    private static readonly PublicationPoints Points = new(
        [new Uri("http://pki.example.org/issuing.crl")],
        [new Uri("http://pki.example.org/issuing.cer")],
        [new Uri("http://ocsp.example.org/")]);

    private static readonly RSA RootKey = RSA.Create(3072);
    private static readonly ECDsa IssuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private static readonly RSA PersonKey = RSA.Create(2048);

    private readonly Workbench _bench = new();

    private IssuingAuthority _root = null!;
    private IssuingAuthority _issuing = null!;

    public async ValueTask InitializeAsync()
    {
        var root = await CertificateIssuer.SignAsync(
            CertificateIssuer.PrepareRoot(Authority(CertificateProfile.RootAuthority, "CN=Own Root, O=Example", RootKey), SignatureScheme.RsaPkcs1Sha384),
            new TestKey(RootKey),
            default);
        _root = new IssuingAuthority(root, new TestKey(RootKey), SignatureScheme.RsaPkcs1Sha384);
        var issuing = await IssueAsync(Authority(CertificateProfile.IssuingAuthority, "CN=Own Issuing, O=Example", IssuingKey), _root);
        _issuing = new IssuingAuthority(issuing, new TestKey(IssuingKey), SignatureScheme.EcdsaSha384);
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(CertificateProfile.Signing)]
    [InlineData(CertificateProfile.Encryption)]
    public async Task Openssl_validates_the_path_strictly_and_against_the_lists(CertificateProfile profile)
    {
        var certificate = await IssueAsync(Person(profile), _issuing);
        var lists = await ListsAsync();

        Assert.Contains("OK", await VerifyAsync(certificate, lists, profile == CertificateProfile.Signing ? "smimesign" : "smimeencrypt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_refuses_what_our_list_names()
    {
        var certificate = await IssueAsync(Person(CertificateProfile.Signing), _issuing);
        var lists = await ListsAsync(new RevokedCertificate(certificate.SerialNumberBytes, Pki.Now.AddHours(-1), CrlReason.Superseded));

        Assert.Contains("certificate revoked", await VerifyAsync(certificate, lists, "smimesign"), StringComparison.Ordinal);
        var printed = Mail.String(await _bench.RunAsync("crl", "-in", _bench.PathOf("issuing.crl"), "-text", "-noout"));
        Assert.Contains("Superseded", printed, StringComparison.Ordinal);
        Assert.Contains(certificate.SerialNumber, printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_path_validation_agrees()
    {
        var certificate = await IssueAsync(Person(CertificateProfile.Signing), _issuing);
        var lists = await ListsAsync();
        var trust = new TrustStore([new TrustAnchor(_root.Certificate, RevocationPolicy.Required)], [_issuing.Certificate], lists);

        var valid = Assert.IsType<PathValidation.Valid>(PathValidator.Validate(certificate, trust, [], Pki.Now));
        Assert.Equal(3, valid.Path.Count);
    }

    [Fact]
    public async Task A_signing_certificate_follows_the_profile()
    {
        var certificate = await IssueAsync(Person(CertificateProfile.Signing), _issuing);

        Assert.Equal(3, certificate.Version);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Single<X509KeyUsageExtension>(certificate, critical: true).KeyUsages);
        Assert.Equal(Oids.EmailProtection, Assert.Single(Single<X509EnhancedKeyUsageExtension>(certificate, critical: false).EnhancedKeyUsages.Cast<Oid>()).Value);
        Assert.False(Single<X509BasicConstraintsExtension>(certificate, critical: true).CertificateAuthority);
        Assert.Equal(
            Single<X509SubjectKeyIdentifierExtension>(_issuing.Certificate, critical: false).SubjectKeyIdentifierBytes.ToArray(),
            Single<X509AuthorityKeyIdentifierExtension>(certificate, critical: false).KeyIdentifier!.Value.ToArray());
        Assert.Equal(20, Single<X509SubjectKeyIdentifierExtension>(certificate, critical: false).SubjectKeyIdentifierBytes.Length);
        Assert.Equal("dora@example.org", $"{Assert.Single(MailAddresses.Of(certificate))}");
        var printed = await PrintAsync(certificate);
        Assert.Contains("URI:http://pki.example.org/issuing.crl", printed, StringComparison.Ordinal);
        Assert.Contains("CA Issuers - URI:http://pki.example.org/issuing.cer", printed, StringComparison.Ordinal);
        Assert.Contains("OCSP - URI:http://ocsp.example.org/", printed, StringComparison.Ordinal);
        Assert.Contains("Policy: 1.3.6.1.4.1.99999.7", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("TLS", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, X509KeyUsageFlags.KeyEncipherment)]
    [InlineData(false, X509KeyUsageFlags.KeyAgreement)]
    public async Task An_encryption_certificate_says_how_its_key_encrypts(bool rsa, X509KeyUsageFlags usage)
    {
        AsymmetricAlgorithm key = rsa ? PersonKey : IssuingKey;
        var template = Person(CertificateProfile.Encryption) with { SubjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo() };

        Assert.Equal(usage, Single<X509KeyUsageExtension>(await IssueAsync(template, _issuing), critical: true).KeyUsages);
    }

    [Fact]
    public void Authorities_follow_the_profile()
    {
        foreach (var authority in new[] { _root.Certificate, _issuing.Certificate })
        {
            Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, Single<X509KeyUsageExtension>(authority, critical: true).KeyUsages);
            Assert.True(Single<X509BasicConstraintsExtension>(authority, critical: true).CertificateAuthority);
        }

        var constraints = Single<X509BasicConstraintsExtension>(_issuing.Certificate, critical: true);
        Assert.True(constraints.HasPathLengthConstraint);
        Assert.Equal(0, constraints.PathLengthConstraint);
        Assert.Equal(_root.Certificate.SubjectName.RawData, _root.Certificate.IssuerName.RawData);
    }

    [Fact]
    public void Serial_numbers_are_long_random_and_positive()
    {
        var serials = Enumerable.Range(0, 200).Select(_ => CertificateIssuer.Prepare(Person(CertificateProfile.Signing), _issuing).SerialNumber.ToArray()).ToList();

        Assert.All(serials, serial => Assert.Equal(16, serial.Length));
        Assert.All(serials, serial => Assert.InRange(serial[0], 0x40, 0x7f));
        Assert.Equal(serials.Count, serials.Select(Convert.ToHexString).Distinct().Count());
        Assert.True(serials.Select(serial => serial[1]).Distinct().Count() > 64);
    }

    [Fact]
    public async Task The_serial_number_was_known_before_the_signature()
    {
        var prepared = CertificateIssuer.Prepare(Person(CertificateProfile.Signing), _issuing);

        var certificate = await CertificateIssuer.SignAsync(prepared, _issuing.Key, default);

        Assert.Equal(prepared.SerialNumber.ToArray(), certificate.SerialNumberBytes.ToArray());
    }

    [Fact]
    public async Task An_empty_subject_makes_the_address_critical()
    {
        var certificate = await IssueAsync(Person(CertificateProfile.Signing) with { Subject = new X500DistinguishedName([0x30, 0x00]) }, _issuing);

        Assert.True(certificate.Extensions.Single(extension => extension.Oid!.Value == Oids.SubjectAltName).Critical);
        Assert.Contains("OK", await VerifyAsync(certificate, await ListsAsync(), "smimesign"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_beyond_ASCII_are_written_as_the_standards_say()
    {
        Assert.True(AddrSpec.TryParse("dora@münchen.example", out var international));
        Assert.True(AddrSpec.TryParse("dörte@example.org", out var beyond));

        var certificate = await IssueAsync(Person(CertificateProfile.Signing) with { Addresses = [international, beyond] }, _issuing);

        Assert.Equal([international, beyond], MailAddresses.Of(certificate));
        Assert.Contains("email:dora@xn--mnchen-3ya.example", await PrintAsync(certificate), StringComparison.Ordinal);
        Assert.Contains("OK", await VerifyAsync(certificate, await ListsAsync(), "smimesign"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_the_authoritys_makes_nothing()
    {
        var prepared = CertificateIssuer.Prepare(Person(CertificateProfile.Signing), _issuing);

        await Assert.ThrowsAsync<CryptographicException>(() => CertificateIssuer.SignAsync(prepared, Pki.Root.Key, default));
    }

    [Fact]
    public void Templates_that_contradict_themselves_are_refused()
    {
        using var weak = RSA.Create(1024);
        var good = Person(CertificateProfile.Signing);
        CertificateTemplate[] wrong =
        [
            good with { Addresses = [] },
            good with { NotAfter = good.NotBefore },
            good with { NotAfter = new DateTimeOffset(_issuing.Certificate.NotAfter).AddSeconds(1) },
            good with { SubjectPublicKeyInfo = weak.ExportSubjectPublicKeyInfo() },
            good with { SubjectPublicKeyInfo = new byte[] { 0x30, 0x00 } },
            good with { PublicationPoints = new PublicationPoints([new Uri("https://pki.example.org/x.crl")], [], []) },
            good with { PublicationPoints = new PublicationPoints([new Uri("ldap://pki.example.org/x")], [], []) },
            good with { Profile = CertificateProfile.RootAuthority, Addresses = [] },
            good with { Profile = CertificateProfile.IssuingAuthority },
        ];

        foreach (var template in wrong)
        {
            Assert.ThrowsAny<ArgumentException>(() => CertificateIssuer.Prepare(template, _issuing));
        }

        var byPerson = _issuing with { Certificate = Pki.Alice.Certificate };
        Assert.ThrowsAny<ArgumentException>(() => CertificateIssuer.Prepare(good with { NotAfter = Pki.Now.AddDays(1) }, byPerson));
    }

    [Theory]
    [InlineData(2049, Asn1TagNumber.Utc)]
    [InlineData(2050, Asn1TagNumber.Generalized)]
    public async Task Times_change_their_form_in_2050(int year, int tag)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var template = Authority(CertificateProfile.RootAuthority, "CN=Long", key) with { NotAfter = new DateTimeOffset(year, 6, 1, 0, 0, 0, TimeSpan.Zero) };
        var certificate = await CertificateIssuer.SignAsync(CertificateIssuer.PrepareRoot(template, SignatureScheme.EcdsaSha256), new TestKey(key), default);

        var fields = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        for (var skipped = 0; skipped < 4; skipped++)
        {
            fields.ReadEncodedValue();
        }

        var validity = fields.ReadSequence();
        validity.ReadEncodedValue();
        Assert.Equal(tag, validity.PeekTag().TagValue);
    }

    private static T Single<T>(X509Certificate2 certificate, bool critical)
        where T : X509Extension
    {
        var extension = Assert.Single(certificate.Extensions.OfType<T>());
        Assert.Equal(critical, extension.Critical);
        return extension;
    }

    private static async Task<X509Certificate2> IssueAsync(CertificateTemplate template, IssuingAuthority authority) =>
        await CertificateIssuer.SignAsync(CertificateIssuer.Prepare(template, authority), authority.Key, default);

    private static CertificateTemplate Authority(CertificateProfile profile, string name, AsymmetricAlgorithm key) => new(
        profile,
        new X500DistinguishedName(name),
        key.ExportSubjectPublicKeyInfo(),
        Pki.Now.AddDays(-1),
        Pki.Now.AddYears(profile == CertificateProfile.RootAuthority ? 20 : 10));

    private static CertificateTemplate Person(CertificateProfile profile)
    {
        Assert.True(AddrSpec.TryParse("dora@example.org", out var address));
        return new(profile, new X500DistinguishedName("CN=Dora"), PersonKey.ExportSubjectPublicKeyInfo(), Pki.Now.AddDays(-1), Pki.Now.AddDays(365))
        {
            Addresses = [address],
            PublicationPoints = Points,
            Policies = ["1.3.6.1.4.1.99999.7"],
        };
    }

    private async Task<IReadOnlyList<RevocationList>> ListsAsync(params RevokedCertificate[] revoked)
    {
        var lists = new List<RevocationList>();
        foreach (var (name, authority, entries) in new[] { ("root.crl", _root, []), ("issuing.crl", _issuing, revoked) })
        {
            var der = await RevocationListBuilder.BuildAsync(authority, 5, entries, Pki.Now.AddHours(-1), Pki.Now.AddDays(7), default);
            Assert.True(RevocationList.TryParse(der, out var list));
            lists.Add(list);
            _bench.Write(name, await PemAsync(der));
        }

        return lists;
    }

    private async Task<byte[]> PemAsync(byte[] list) => await _bench.RunAsync("crl", "-inform", "DER", "-in", _bench.Write("list.der", list));

    private async Task<string> PrintAsync(X509Certificate2 certificate) =>
        Mail.String(await _bench.RunAsync("x509", "-in", _bench.Write("printed.pem", Workbench.Pem(certificate)), "-text", "-noout"));

    private async Task<string> VerifyAsync(X509Certificate2 certificate, IReadOnlyList<RevocationList> lists, string purpose)
    {
        Assert.Equal(2, lists.Count);
        var (_, output, errors) = await _bench.TryAsync(
            "verify", "-x509_strict", "-crl_check_all", "-purpose", purpose,
            "-CAfile", _bench.Write("own-root.pem", Workbench.Pem(_root.Certificate)),
            "-untrusted", _bench.Write("own-issuing.pem", Workbench.Pem(_issuing.Certificate)),
            "-CRLfile", _bench.PathOf("root.crl"), "-CRLfile", _bench.PathOf("issuing.crl"),
            _bench.Write("person.pem", Workbench.Pem(certificate)));
        return Mail.String(output) + errors;
    }

    private static class Asn1TagNumber
    {
        public const int Utc = 23;
        public const int Generalized = 24;
    }
}
