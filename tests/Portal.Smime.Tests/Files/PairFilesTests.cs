using System.Diagnostics;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Math;
using Portal.Smime.Keys;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Files;

/// <summary>Files with private keys, as openssl makes them in all its ages, and as nobody means well makes them.</summary>
public sealed class PairFilesTests : IAsyncLifetime
{
    /// <summary>Of an answer to the worst of them, on a machine that does much else; a second where it does not. What is not bounded takes minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Workbench _bench = new();

    public async ValueTask InitializeAsync()
    {
        await RunAsync("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", At("rsa.key"), "-out", At("rsa.pem"), "-subj", "/CN=rsa", "-days", "10");
        await RunAsync("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", At("ec.key"), "-out", At("ec.pem"), "-subj", "/CN=ec", "-days", "10");
        await File.WriteAllTextAsync(At("both.pem"), await File.ReadAllTextAsync(At("rsa.pem")) + await File.ReadAllTextAsync(At("ec.pem")));
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("pass:secret", "secret")]
    [InlineData("pass:secret", "secret", "-legacy")]
    [InlineData("pass:secret", "secret", "-legacy", "-descert")]
    [InlineData("pass:secret", "secret", "-legacy", "-keypbe", "PBE-SHA1-RC2-128", "-certpbe", "PBE-SHA1-RC2-40")]
    [InlineData("pass:secret", "secret", "-keypbe", "AES-128-CBC", "-certpbe", "AES-192-CBC", "-macalg", "sha512")]
    [InlineData("pass:secret", "secret", "-keypbe", "DES-EDE3-CBC")]
    [InlineData("pass:secret", "secret", "-keypbe", "NONE", "-certpbe", "NONE")]
    [InlineData("pass:secret", "secret", "-iter", "200000")]
    [InlineData("pass:secret", "secret", "-nomac")]
    [InlineData("pass:", "")]
    [InlineData("pass:", "", "-legacy")]
    [InlineData("pass:", "", "-keypbe", "NONE", "-certpbe", "NONE", "-nomac")]
    [InlineData("pass:Grüße", "Grüße")]
    public async Task A_pkcs12_file_of_any_age_is_read(string written, string password, params string[] options)
    {
        await RunAsync(["pkcs12", "-export", "-inkey", At("rsa.key"), "-in", At("rsa.pem"), "-out", At("file.p12"), "-passout", written, .. options]);

        using var pair = Assert.Single(await ReadAsync(password, "file.p12"));

        Assert.Equal("CN=rsa", pair.Certificate.Subject);
        Assert.Equal(await PublicKeyAsync("rsa.key"), PublicKeyOf(pair));
    }

    [Fact]
    public async Task Keys_are_found_wherever_they_are_and_paired_with_their_certificates()
    {
        await RunAsync("pkcs8", "-topk8", "-in", At("rsa.key"), "-out", At("rsa.p8"), "-outform", "DER", "-nocrypt");
        await RunAsync("pkcs8", "-topk8", "-in", At("ec.key"), "-out", At("ec.p8"), "-outform", "DER", "-passout", "pass:secret", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512");
        await RunAsync("pkcs8", "-topk8", "-in", At("ec.key"), "-out", At("ec.p8.pem"), "-passout", "pass:secret");
        await RunAsync("rsa", "-in", At("rsa.key"), "-traditional", "-out", At("rsa1.pem"));
        await RunAsync("ec", "-in", At("ec.key"), "-out", At("ec1.pem"));
        await RunAsync("x509", "-in", At("rsa.pem"), "-outform", "DER", "-out", At("rsa.cer"));
        await RunAsync("crl2pkcs7", "-nocrl", "-certfile", At("both.pem"), "-outform", "DER", "-out", At("both.p7b"));
        await RunAsync("crl2pkcs7", "-nocrl", "-certfile", At("both.pem"), "-out", At("both.p7.pem"));

        Assert.Equal(["CN=rsa"], await SubjectsAsync("rsa.p8", "rsa.cer"));
        Assert.Equal(["CN=rsa", "CN=ec"], await SubjectsAsync("rsa.p8", "ec.p8", "both.p7b"));
        Assert.Equal(["CN=ec"], await SubjectsAsync("ec.p8.pem", "both.p7.pem"));
        Assert.Equal(["CN=rsa", "CN=ec"], await SubjectsAsync("both.pem", "rsa1.pem", "ec1.pem"));
        Assert.IsType<PairReading.NoKey>(await PairFiles.ReadAsync([await BytesAsync("both.p7b")], "secret", CancellationToken.None));
        Assert.IsType<PairReading.NoCertificate>(await PairFiles.ReadAsync([await BytesAsync("rsa.p8"), await BytesAsync("ec.pem")], "secret", CancellationToken.None));
    }

    [Fact]
    public async Task What_is_hostile_odd_or_has_another_password_is_refused_in_time()
    {
        await RunAsync("pkcs12", "-export", "-inkey", At("rsa.key"), "-in", At("rsa.pem"), "-out", At("file.p12"), "-passout", "pass:secret");
        await RunAsync("pkcs8", "-topk8", "-in", At("ec.key"), "-out", At("scrypt.p8"), "-outform", "DER", "-passout", "pass:secret", "-scrypt");
        var file = await BytesAsync("file.p12");
        var hostile = new Dictionary<string, byte[][]>
        {
            ["nothing"] = [],
            ["empty"] = [[]],
            ["text"] = ["hello"u8.ToArray()],
            ["half"] = [file[..(file.Length / 2)]],
            ["with something behind it, and a byte changed"] = [[.. file[..100], (byte)(file[100] ^ 1), .. file[101..], 1, 2, 3]],
            ["2^31-1 iterations"] = [WithIterations(file, BigInteger.ValueOf(int.MaxValue))],
            ["5,000,000 iterations"] = [WithIterations(file, BigInteger.ValueOf(5_000_000))],
            ["1,500,000 iterations"] = [WithIterations(file, BigInteger.ValueOf(1_500_000))],
            ["no iterations"] = [WithIterations(file, BigInteger.Zero)],
            ["less than none"] = [WithIterations(file, BigInteger.ValueOf(-5))],
            ["2^2000 iterations"] = [WithIterations(file, BigInteger.One.ShiftLeft(2000))],
            ["20 MB"] = [[.. file, .. new byte[20 * 1024 * 1024]]],
            ["20 MB of PEM"] = [System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(await File.ReadAllTextAsync(At("rsa.pem")), 10_000)))],
            ["scrypt with a gigabyte"] = [await BytesAsync("scrypt.p8")],
            ["deep"] = [[.. Enumerable.Repeat((byte)0x30, 10_000).SelectMany(one => (byte[])[one, 0x80])]],
            ["ten thousand files"] = [.. Enumerable.Repeat(await BytesAsync("rsa.pem"), 10_000)],
        };
        foreach (var (what, files) in hostile)
        {
            var began = Stopwatch.GetTimestamp();
            var outcome = await PairFiles.ReadAsync(files, "secret", CancellationToken.None);
            Assert.True(outcome is PairReading.Refused or PairReading.NoKey, $"{what}: {outcome}");
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"{what} took {Stopwatch.GetElapsedTime(began)}");
        }

        Assert.IsType<PairReading.Refused>(await PairFiles.ReadAsync([file], "other", CancellationToken.None));
        Assert.IsType<PairReading.Refused>(await PairFiles.ReadAsync([file], "", CancellationToken.None));
        Assert.IsType<PairReading.Read>(await PairFiles.ReadAsync([file], "secret", CancellationToken.None));
    }

    private static byte[] WithIterations(byte[] file, BigInteger iterations)
    {
        var pfx = Pfx.GetInstance(file);
        var mac = new DerSequence(pfx.MacData.Mac, pfx.MacData.MacSalt, new DerInteger(iterations));
        return new DerSequence(DerInteger.ValueOf(3), pfx.AuthSafe, mac).GetDerEncoded();
    }

    private string At(string name) => _bench.PathOf(name);

    private Task<byte[]> BytesAsync(string name) => File.ReadAllBytesAsync(At(name));

    private Task<byte[]> RunAsync(params string[] arguments) => _bench.RunAsync(arguments);

    private async Task<IReadOnlyList<FilePair>> ReadAsync(string password, params string[] names) =>
        Assert.IsType<PairReading.Read>(await PairFiles.ReadAsync(await Task.WhenAll(names.Select(BytesAsync)), password, CancellationToken.None)).Pairs;

    private async Task<IEnumerable<string>> SubjectsAsync(params string[] names) => (await ReadAsync("secret", names)).Select(one => one.Certificate.Subject);

    private async Task<string> PublicKeyAsync(string key) => Convert.ToHexString(await _bench.RunAsync("pkey", "-in", At(key), "-pubout", "-outform", "DER"));

    private static string PublicKeyOf(FilePair pair)
    {
        using var key = SoftwareKey.Import(pair.PrivateKeyInfo, new KeyReference("file", "key", "1"));
        return Convert.ToHexString(key.SubjectPublicKeyInfo());
    }
}
