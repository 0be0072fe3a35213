using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Certificates;
using Portal.Application.KeyManagement;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Malformed, hostile and odd files at every door that takes one: said in words and in time, and nothing comes of them.</summary>
public sealed class HostileFilesTests(SqliteFixture files) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private TestDatabase _database = null!;
    private TestPortal _portal = null!;
    private SignedInPerson _alice = null!;
    private OutsideRoot _root = null!;

    public async ValueTask InitializeAsync()
    {
        _root = await OutsideRoot.MakeAsync();
        _database = await files.NewAsync();
        _portal = await TestPortal.StartAsync(_database);
        _alice = await _portal.EnrolAsync(await _portal.FoundAsync("example.test"), "alice@example.test", Roles.User | Roles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _database.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task No_door_takes_any_of_them()
    {
        var hostile = await HostileAsync();
        Assert.True(hostile.Count >= 40, $"{hostile.Count}");
        var before = await CountAsync();
        foreach (var (what, file) in hostile)
        {
            await InTimeAsync(what, "a request", async () => Assert.IsNotType<PersonIssuing.Done>(await _portal.Get<OutsideEnrolment>().IssueAsync(_alice.Account, "alice@example.test", file, Never)));
            await InTimeAsync(what, "an answer", async () => Assert.DoesNotContain(await _portal.Get<OutsideEnrolment>().AnswerAsync(_alice.Account, file, Never), one => one.State == OutsideAnswerState.Taken));
            await InTimeAsync(what, "an authority", async () => Assert.IsNotType<TrustAdding.Added>(await _portal.Get<ForeignAuthorities>().AddAsync(_alice.Account, file, null, new TrustTerms(TrustPurpose.Both, false, []), Never)));
            await InTimeAsync(what, "a contact", async () => Assert.NotEqual(ContactUpload.Kept, await _portal.Get<Contacts>().UploadAsync(_alice.Account, "carol@outside.test", file, Never)));
            await InTimeAsync(what, "a list", async () => Assert.IsNotType<IssuanceStart.Started>(await _portal.Get<Issuance>().StartAsync(_alice.Account, file, IssuanceScope.Missing, Never)));

            // Whoever tries as often is asked to wait: each has one of its own.
            using var reading = new PairFileReading();
            var importing = new PairImporting(
                _portal.Database, _portal.Get<KeyBroker.KeyBroker>(), _portal.Get<Accounts.LiveSessions>(), _portal.Get<OutsidePairs>(), _portal.Get<Gathering>(), reading, TimeProvider.System);
            await InTimeAsync(what, "a pair", async () => Assert.DoesNotContain(
                (await importing.ImportAsync(_alice.Account, _alice.Account.Account, [file], "secret", ImportPurpose.NewMail, Never) as PairImport.Done)?.Pairs ?? [], one => one.State == ImportedState.Imported));
        }

        Assert.Equal(before, await CountAsync());
    }

    private static async Task InTimeAsync(string what, string door, Func<Task> act)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await act();
        }
        catch (Exception exception)
        {
            Assert.Fail($"{what} as {door}: {exception}");
        }

        Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"{what} as {door} took {Stopwatch.GetElapsedTime(began)}.");
    }

    private async Task<(int Certificates, int Keys, int Authorities, int Lists)> CountAsync()
    {
        await using var db = await _portal.Database.ReadAsync(_alice.Account.Organisation, Never);
        return (
            await db.Certificates.CountAsync(one => one.Kind != CertificateKind.OcspResponder),
            await db.ManagedKeys.CountAsync(one => one.Purpose != KeyBroker.KeyPurpose.AnswerForAuthority),
            await db.ForeignAuthorities.CountAsync(),
            await db.IssuanceBatches.CountAsync());
    }

    private async Task<Dictionary<string, byte[]>> HostileAsync()
    {
        var request = await RequestAsync("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        var der = Der(request);
        var pem = Encoding.ASCII.GetString(request);
        var certificate = Der(Encoding.ASCII.GetBytes(await _root.SignAsync(pem, "subjectAltName=email:carol@outside.test\nkeyUsage=digitalSignature\nextendedKeyUsage=emailProtection\n")));
        var hostile = new Dictionary<string, byte[]>
        {
            ["nothing"] = [],
            ["one octet"] = [0x30],
            ["words"] = "hello"u8.ToArray(),
            ["zeros"] = new byte[1000],
            ["a megabyte of noise"] = RandomNumberGenerator.GetBytes(1024 * 1024),
            ["a page"] = "<html><body>Not found</body></html>"u8.ToArray(),
            ["a frame without content"] = "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n"u8.ToArray(),
            ["a frame with words"] = "-----BEGIN CERTIFICATE REQUEST-----\nhello\n-----END CERTIFICATE REQUEST-----\n"u8.ToArray(),
            ["a frame that does not end"] = Encoding.ASCII.GetBytes(pem.Split("-----END")[0]),
            ["a request in another frame"] = Encoding.ASCII.GetBytes(pem.Replace("CERTIFICATE REQUEST", "CERTIFICATE", StringComparison.Ordinal)),
            ["half a request"] = der[..(der.Length / 2)],
            ["a request with something behind it"] = [.. der, 1, 2, 3],
            ["a request with a byte changed in its key"] = Changed(der, 60),
            ["a request with a byte changed in its signature"] = Changed(der, der.Length - 5),
            ["a request of version 2"] = WithVersion(der),
            ["a request of which nothing is left but its length"] = [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff],
            ["a request of 300 KB"] = LargeRequest(),
            ["ten thousand structures inside each other"] = [.. Enumerable.Repeat((byte)0x30, 10_000).SelectMany(one => (byte[])[one, 0x80])],
            ["a request for RSA with 1024 bits"] = await RequestAsync("rsa:1024"),
            ["a request by SHA-1"] = await RequestAsync("rsa:2048", "-sha1"),
            ["a request by MD5"] = await RequestAsync("rsa:2048", "-md5"),
            ["a request for P-192"] = await RequestAsync("ec", "-pkeyopt", "ec_paramgen_curve:prime192v1"),
            ["a request for a curve of its own"] = await RequestAsync("ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"),
            ["a request for a curve that is not ours"] = await RequestAsync("ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
            ["a request for a DSA key"] = await DsaRequestAsync(),
            ["a request for X25519's sister"] = await RequestAsync("ed448"),
            ["half a certificate"] = certificate[..(certificate.Length / 2)],
            ["a certificate with something behind it"] = [.. certificate, 0],
            ["a certificate with a byte changed"] = Changed(certificate, certificate.Length - 5),
            ["a certificate that nobody trusts"] = certificate,
            ["a thousand certificates and one"] = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(PemEncoding.WriteString("CERTIFICATE", certificate) + "\n", 1001))),
            ["a certificate of which nothing is left but its length"] = [0x30, 0x82, 0xff, 0xff, 0x30],
            ["a revocation list"] = await ListAsync(),
            ["a public key"] = Encoding.ASCII.GetBytes(PublicKeyPem()),
            ["a private key alone"] = await File.ReadAllBytesAsync(_root.At("own.key")),
        };
        foreach (var (what, made) in OddCertificates())
        {
            hostile[what] = made;
        }

        await OpenSsl.RunAsync([], "pkcs12", "-export", "-inkey", _root.At("root.key"), "-in", _root.At("root.pem"), "-out", _root.At("root.p12"), "-passout", "pass:other");
        var pair = await File.ReadAllBytesAsync(_root.At("root.p12"));
        hostile["a pair with another password"] = pair;
        hostile["half a pair"] = pair[..(pair.Length / 2)];
        hostile["a pair with a byte changed"] = Changed(pair, pair.Length / 2);
        return hostile;
    }

    // Self-signed, which nobody may be for people, and each with something wrong that others have been led astray by.
    private static IEnumerable<(string What, byte[] File)> OddCertificates()
    {
        yield return ("a certificate of 1899", Made(from: new DateTimeOffset(1899, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        yield return ("a certificate that ends in 9999", Made(until: new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero)));
        yield return ("a certificate whose address has a zero octet", Made(addresses: "carol@outside.test\0.evil.test"));
        yield return ("a certificate whose address has a line break", Made(addresses: "carol@outside.test\r\nBcc: x@evil.test"));
        yield return ("a certificate whose addresses are two thousand", Made(addresses: [.. Enumerable.Range(0, 2000).Select(one => $"p{one}@outside.test")]));
        yield return ("a certificate whose name is a script", Made(name: "CN=\"<script>alert(1)</script>\""));
        yield return ("a certificate with an extension that is no DER", Made(extension: new X509Extension("2.5.29.17", [0x30, 0x80, 0x01], critical: false)));
        yield return ("a certificate with a critical extension that nobody knows", Made(extension: new X509Extension("1.2.3.4.5", [0x05, 0x00], critical: true)));
    }

    private static byte[] Made(DateTimeOffset? from = null, DateTimeOffset? until = null, string name = "CN=Carol", X509Extension? extension = null, params string[] addresses)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, pair, HashAlgorithmName.SHA256);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var address in addresses)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, address, new Asn1Tag(TagClass.ContextSpecific, 1));
            }
        }

        request.CertificateExtensions.Add(extension ?? new X509Extension("2.5.29.17", writer.Encode(), critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(from ?? now.AddDays(-1), until ?? now.AddDays(100));
        return certificate.RawData;
    }

    private static byte[] Changed(byte[] file, int at) => [.. file[..at], (byte)(file[at] ^ 1), .. file[(at + 1)..]];

    private static byte[] Der(byte[] pem)
    {
        var text = Encoding.ASCII.GetString(pem);
        var found = PemEncoding.Find(text);
        return Convert.FromBase64String(text[found.Base64Data]);
    }

    private static byte[] WithVersion(byte[] request)
    {
        var at = request.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x01, 0x00]);
        return [.. request[..(at + 2)], 1, .. request[(at + 3)..]];
    }

    private static string PublicKeyPem()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return pair.ExportSubjectPublicKeyInfoPem();
    }

    private async Task<byte[]> RequestAsync(string algorithm, params string[] options) => (await OpenSsl.RunAsync(
        [], ["req", "-new", "-newkey", algorithm, "-nodes", "-keyout", _root.At("own.key"), "-subj", "/CN=Carol", .. options])).Demand();

    private static byte[] LargeRequest()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Carol", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[300 * 1024], critical: false));
        return request.CreateSigningRequest();
    }

    private async Task<byte[]> DsaRequestAsync()
    {
        (await OpenSsl.RunAsync([], "dsaparam", "-genkey", "-out", _root.At("dsa.key"), "2048")).Demand();
        return (await OpenSsl.RunAsync([], "req", "-new", "-key", _root.At("dsa.key"), "-subj", "/CN=Carol")).Demand();
    }

    private async Task<byte[]> ListAsync()
    {
        await File.WriteAllTextAsync(_root.At("none"), string.Empty);
        await File.WriteAllTextAsync(_root.At("list.conf"), $"[ca]\ndefault_ca=it\n[it]\ndatabase={_root.At("none")}\ndefault_md=sha256\ndefault_crl_days=7\n");
        return (await OpenSsl.RunAsync([], "ca", "-config", _root.At("list.conf"), "-gencrl", "-cert", _root.At("root.pem"), "-keyfile", _root.At("root.key"))).Demand();
    }
}
