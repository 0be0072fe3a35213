using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>PKCS#10, both ways with openssl.</summary>
public sealed class CertificationRequestTests : IDisposable
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Openssl_verifies_our_request()
    {
        Assert.True(AddrSpec.TryParse("dora@example.org", out var plain));
        Assert.True(AddrSpec.TryParse("dörte@example.org", out var wide));
        _bench.Write("request.der", await BuildAsync(new X500DistinguishedName("CN=Dora, O=Example"), plain, wide));

        var (exitCode, output, words) = await _bench.TryAsync("req", "-inform", "DER", "-in", "request.der", "-verify", "-text", "-noout");

        Assert.True(exitCode == 0, words);
        Assert.Contains("verify OK", words, StringComparison.Ordinal);
        Assert.Contains("email:dora@example.org", Mail.String(output), StringComparison.Ordinal);
        Assert.Contains("CN = Dora", Mail.String(output), StringComparison.Ordinal);
        var request = Proven(_bench.Read("request.der"));
        Assert.Equal([plain, wide], request.Addresses);
        Assert.Equal([Oids.BasicConstraints, Oids.KeyUsage, Oids.ExtendedKeyUsage, Oids.SubjectAltName], request.RequestedExtensions);
        Assert.Contains("Digital Signature", Mail.String(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ec", "-pkeyopt", "ec_paramgen_curve:P-384")]
    [InlineData("rsa:2048", "-sha256")]
    [InlineData("rsa:2048", "-sigopt", "rsa_padding_mode:pss", "-sha256")]
    [InlineData("ed25519")]
    public async Task We_read_the_request_of_openssl(string algorithm, params string[] options)
    {
        var request = Proven(await RequestAsync(algorithm, options));

        Assert.Equal("CN=Dora", request.Subject.Name);
        Assert.Equal("dora@example.org", $"{Assert.Single(request.Addresses)}");
        Assert.Equal([Oids.SubjectAltName, Oids.BasicConstraints, Oids.ExtendedKeyUsage], request.RequestedExtensions);
        Assert.NotNull(PublicKey.CreateFromSubjectPublicKeyInfo(request.SubjectPublicKeyInfo.Span, out _));
    }

    [Fact]
    public async Task A_weak_key_is_refused() =>
        Assert.IsType<CertificationRequestReading.Weak>(CertificationRequest.Read(await RequestAsync("rsa:1024", "-sha256")));

    [Fact]
    public async Task SHA1_proves_nothing() =>
        Assert.IsType<CertificationRequestReading.Weak>(CertificationRequest.Read(await RequestAsync("rsa:2048", "-sha1")));

    [Fact]
    public async Task Another_key_is_not_proven()
    {
        var der = await BuildAsync(new X500DistinguishedName("CN=Dora"));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var mine = Key.ExportSubjectPublicKeyInfo();

        Assert.IsType<CertificationRequestReading.NotProven>(CertificationRequest.Read(Forgery.Replace(der, mine, other.ExportSubjectPublicKeyInfo())));
        await Assert.ThrowsAsync<CryptographicException>(async () =>
            await CertificationRequestBuilder.BuildAsync(new X500DistinguishedName("CN=Dora"), mine, CertificateProfile.Signing, [], new TestKey(other), SignatureScheme.EcdsaSha256, default));
    }

    [Fact]
    public async Task An_empty_subject_and_no_address_are_allowed()
    {
        var request = Proven(await BuildAsync(new X500DistinguishedName("")));

        Assert.Empty(request.Addresses);
        Assert.DoesNotContain(Oids.SubjectAltName, request.RequestedExtensions);
        Assert.Equal(Key.ExportSubjectPublicKeyInfo(), request.SubjectPublicKeyInfo.ToArray());
    }

    [Fact]
    public async Task What_is_no_request_is_malformed()
    {
        var der = await BuildAsync(new X500DistinguishedName("CN=Dora"));
        foreach (var broken in new byte[][] { [], [0x30, 0x00], [.. der, 0], der[..^1], new byte[70_000], Pki.Root.Certificate.RawData })
        {
            Assert.IsType<CertificationRequestReading.Malformed>(CertificationRequest.Read(broken));
        }
    }

    private static CertificationRequest Proven(byte[] der) => Assert.IsType<CertificationRequestReading.Proven>(CertificationRequest.Read(der)).Request;

    private static Task<byte[]> BuildAsync(X500DistinguishedName subject, params AddrSpec[] addresses) =>
        CertificationRequestBuilder.BuildAsync(subject, Key.ExportSubjectPublicKeyInfo(), CertificateProfile.Signing, addresses, new TestKey(Key), SignatureScheme.EcdsaSha256, default);

    private async Task<byte[]> RequestAsync(string algorithm, params string[] options)
    {
        string[] arguments =
        [
            "req", "-new", "-newkey", algorithm, "-nodes", "-keyout", "key.pem", "-subj", "/CN=Dora", "-outform", "DER", "-out", "request.der",
            "-addext", "subjectAltName=email:dora@example.org,DNS:example.org", "-addext", "basicConstraints=CA:true", "-addext", "extendedKeyUsage=anyExtendedKeyUsage",
            .. options,
        ];
        await _bench.RunAsync(arguments);
        return _bench.Read("request.der");
    }
}
