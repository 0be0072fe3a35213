using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.Tests.Database;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>What our authority issues, read by other code than what wrote it, and judged by other software.</summary>
public sealed class IssuedCertificatesTests(SqliteFixture sqlite) : IAsyncLifetime
{
    private const int People = 25;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("issued-");
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private OrganisationId _organisation;

    public async ValueTask InitializeAsync()
    {
        _database = await sqlite.NewAsync();
        _portal = await TestPortal.StartAsync(_database, ("Portal:PublicAddress", "https://mail.example.org"));
        _organisation = await _portal.FoundAsync("example.test");
    }

    public async ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Fifty_certificates_are_in_every_field_what_the_profile_says()
    {
        for (var person = 0; person < People; person++)
        {
            await _portal.EnrolAsync(_organisation, $"person{person}@example.test");
        }

        var all = await AllAsync();
        var issued = all.Where(one => one.OwnerId is not null).ToList();
        using var issuing = X509CertificateLoader.LoadCertificate(all.Single(one => one.Kind == CertificateKind.IssuingAuthority).Encoded!);
        var authority = all.Single(one => one.Kind == CertificateKind.IssuingAuthority).Id;
        Assert.Equal(2 * People, issued.Count);
        Assert.Equal(2 * People, issued.Select(one => one.SerialNumber).Distinct().Count());
        Assert.Equal(2 * People, issued.Select(one => Convert.ToHexString(X509CertificateLoader.LoadCertificate(one.Encoded!).PublicKey.ExportSubjectPublicKeyInfo())).Distinct().Count());
        foreach (var row in issued)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(row.Encoded!);
            CheckFields(row, certificate, issuing);
            CheckExtensions(row, certificate, issuing, authority);
        }
    }

    [Fact]
    public async Task Openssl_NSS_and_gpgsm_accept_them()
    {
        await _portal.EnrolAsync(_organisation, "alice@example.test");
        var all = await AllAsync();
        var files = new Dictionary<CertificateKind, string>();
        foreach (var one in all.Where(one => one.Kind != CertificateKind.OcspResponder))
        {
            files[one.Kind] = Path.Combine(_directory.FullName, $"{one.Kind}.pem");
            await File.WriteAllTextAsync(files[one.Kind], X509CertificateLoader.LoadCertificate(one.Encoded!).ExportCertificatePem());
        }

        foreach (var (kind, purpose) in new[] { (CertificateKind.Signing, "smimesign"), (CertificateKind.Encryption, "smimeencrypt") })
        {
            var verified = await OpenSsl.RunAsync(
                [], "verify", "-x509_strict", "-purpose", purpose, "-verify_email", "alice@example.test", "-CAfile", files[CertificateKind.RootAuthority],
                "-untrusted", files[CertificateKind.IssuingAuthority], files[kind]);
            Assert.Equal((0, string.Empty), (verified.ExitCode, verified.Words));
            var other = await OpenSsl.RunAsync(
                [], "verify", "-purpose", kind == CertificateKind.Signing ? "smimeencrypt" : "smimesign", "-CAfile", files[CertificateKind.RootAuthority],
                "-untrusted", files[CertificateKind.IssuingAuthority], files[kind]);
            Assert.NotEqual(0, other.ExitCode);
        }

        await NssAsync(files);
        await GpgsmAsync(files, all.Single(one => one.Kind == CertificateKind.RootAuthority).Encoded!);
    }

    private static void CheckFields(Certificate row, X509Certificate2 certificate, X509Certificate2 issuing)
    {
        var serial = certificate.SerialNumberBytes.Span;
        Assert.Equal(3, certificate.Version);
        Assert.InRange(serial.Length, 8, 20);
        Assert.InRange(serial[0], 1, 0x7f);
        Assert.Equal(row.SerialNumber, Convert.ToHexString(serial));
        Assert.Equal(issuing.SubjectName.RawData, certificate.IssuerName.RawData);
        Assert.Equal("1.2.840.10045.4.3.3", certificate.SignatureAlgorithm.Value);
        Assert.StartsWith("CN=Person person", certificate.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("@", certificate.Subject, StringComparison.Ordinal);
        Assert.InRange(certificate.NotAfter - certificate.NotBefore, TimeSpan.FromDays(365), TimeSpan.FromDays(366));
        Assert.True(certificate.NotAfter <= issuing.NotAfter && certificate.NotBefore.ToUniversalTime() <= TimeProvider.System.GetUtcNow().UtcDateTime);
        Assert.Equal(row.Kind == CertificateKind.Signing ? "1.2.840.10045.2.1" : "1.2.840.113549.1.1.1", certificate.PublicKey.Oid.Value);
        using var rsa = certificate.GetRSAPublicKey();
        Assert.True(rsa is null || rsa.KeySize >= 3072);
    }

    private static void CheckExtensions(Certificate row, X509Certificate2 certificate, X509Certificate2 issuing, CertificateId authority)
    {
        string[] expected = ["1.3.6.1.5.5.7.1.1", "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37"];
        Assert.Equal(expected, certificate.Extensions.Select(one => one.Oid!.Value!).Where(one => one != "2.5.29.19").Order(StringComparer.Ordinal));
        Assert.All(certificate.Extensions.OfType<X509BasicConstraintsExtension>(), one => Assert.False(one.CertificateAuthority));
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.True(usage.Critical);
        Assert.Equal(row.Kind == CertificateKind.Signing ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyEncipherment, usage.KeyUsages);
        Assert.Equal(["1.3.6.1.5.5.7.3.4"], certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(one => one.Value!));
        Assert.Equal([row.Address], RfcNames(certificate));
        Assert.Equal(issuing.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifier, Convert.ToHexString(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span));
        Assert.NotEmpty(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifier!);
        var access = certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().Single();
        Assert.Equal([$"http://mail.example.org/pki/{authority}.cer"], access.EnumerateCAIssuersUris());
        Assert.Equal([$"http://mail.example.org/pki/{authority}/ocsp"], access.EnumerateOcspUris());
        Assert.Contains($"http://mail.example.org/pki/{authority}/{row.Partition}.crl", Encoding.Latin1.GetString(Value(certificate, "2.5.29.31")), StringComparison.Ordinal);
        var policies = new AsnReader(Value(certificate, "2.5.29.32"), AsnEncodingRules.DER).ReadSequence();
        Assert.StartsWith("2.25.", policies.ReadSequence().ReadObjectIdentifier(), StringComparison.Ordinal);
        Assert.False(policies.HasData);
        Assert.DoesNotContain(certificate.Extensions, one => one.Critical && one.Oid!.Value is not ("2.5.29.15" or "2.5.29.19"));
    }

    private static IEnumerable<string> RfcNames(X509Certificate2 certificate)
    {
        var names = new AsnReader(Value(certificate, "2.5.29.17"), AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            yield return names.ReadCharacterString(UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, 1));
        }
    }

    private static byte[] Value(X509Certificate2 certificate, string type) => certificate.Extensions.Single(one => one.Oid!.Value == type).RawData;

    private async Task NssAsync(Dictionary<CertificateKind, string> files)
    {
        var database = $"sql:{Directory.CreateDirectory(Path.Combine(_directory.FullName, "nss")).FullName}";
        await ContentAsync("certutil", "-N", "-d", database, "--empty-password");
        await ContentAsync("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-d", database, "-i", files[CertificateKind.RootAuthority]);
        await ContentAsync("certutil", "-A", "-n", "issuing", "-t", ",,", "-d", database, "-i", files[CertificateKind.IssuingAuthority]);
        foreach (var (kind, usage) in new[] { (CertificateKind.Signing, "S"), (CertificateKind.Encryption, "R") })
        {
            await ContentAsync("certutil", "-A", "-n", $"{kind}", "-t", ",,", "-d", database, "-i", files[kind]);
            await ContentAsync("certutil", "-V", "-u", usage, "-e", "-n", $"{kind}", "-d", database);
        }
    }

    private async Task GpgsmAsync(Dictionary<CertificateKind, string> files, byte[] root)
    {
        var home = Directory.CreateDirectory(Path.Combine(_directory.FullName, "gnupg"));
        await ContentAsync("chmod", "700", home.FullName);
        await File.WriteAllTextAsync(Path.Combine(home.FullName, "gpgsm.conf"), "disable-crl-checks\nbatch\n");
        using var certificate = X509CertificateLoader.LoadCertificate(root);
        var fingerprint = string.Join(':', Convert.FromHexString(certificate.GetCertHashString(HashAlgorithmName.SHA1)).Select(one => $"{one:X2}"));
        await File.WriteAllTextAsync(Path.Combine(home.FullName, "trustlist.txt"), $"{fingerprint} S relax\n");
        try
        {
            await ContentAsync("gpgsm", ["--homedir", home.FullName, "--import", .. files.Values]);
            var listed = Encoding.UTF8.GetString(await ContentAsync("gpgsm", "--homedir", home.FullName, "--list-keys", "--with-validation", "alice@example.test"));
            Assert.Equal(2, listed.Split("certificate is good").Length - 1);
        }
        finally
        {
            await Programs.RunAsync("gpgconf", [], "--homedir", home.FullName, "--kill", "all");
        }
    }

    private static async Task<byte[]> ContentAsync(string program, params string[] arguments)
    {
        var result = await Programs.RunAsync(program, [], arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Words} {Encoding.UTF8.GetString(result.Output)}");
        return result.Output;
    }

    private async Task<List<Certificate>> AllAsync()
    {
        await using var db = await _database.Database.ReadAsync(_organisation, CancellationToken.None);
        return await db.Certificates.ToListAsync();
    }
}
