using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Testing;

/// <summary>A root and an authority below it, whose certificates name addresses at which a web server has what they publish: made by other code than ours.</summary>
public sealed class PublishingAuthority : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("publishing-authority-");
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CertificateRevocationListBuilder _revoked = new();
    private readonly Task _loop;
    private int _number = 1;

    public PublishingAuthority(DateTimeOffset now)
    {
        Now = now;
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        var name = $"Partner {Guid.NewGuid():N}"[..16];
        Root = Authority($"{name} Root", _rootKey, null);
        Issuing = Authority($"{name} CA", _issuingKey, Root);
        File.WriteAllText(Path("root.pem"), Root.ExportCertificatePem());
        File.WriteAllText(Path("issuing.pem"), Issuing.ExportCertificatePem());
        File.WriteAllText(Path("issuing.key"), _issuingKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path("index.txt"), string.Empty);
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _loop = AnswerAsync();
    }

    /// <summary>By which lists are dated.</summary>
    public DateTimeOffset Now { get; set; }

    public string Address { get; }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuing { get; }

    /// <summary>Paths that somebody asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Every answer is an error.</summary>
    public bool IsAway { get; set; }

    /// <summary>Every answer leads elsewhere, where the right one is.</summary>
    public bool Redirects { get; set; }

    /// <summary>What comes instead of the right answer.</summary>
    public byte[]? AnswersWith { get; set; }

    /// <param name="address">For subjectAltName.</param>
    /// <param name="lists">Names its list; otherwise its responder.</param>
    /// <param name="issuerCertificates">Where its issuer's certificate is; by default at this server.</param>
    public TestHolder Issue(string address, bool lists = true, string? issuerCertificates = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={address.Split('@')[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], false));
        Publish(request, lists ? $"{Address}issuing.crl" : null, lists ? null : $"{Address}ocsp", issuerCertificates ?? $"{Address}issuing.cer");
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Issuing, true, false));
        byte[] serialNumber = [1, .. RandomNumberGenerator.GetBytes(11)];
        var certificate = request.Create(
            Issuing.SubjectName, X509SignatureGenerator.CreateForECDsa(_issuingKey), Now.AddDays(-30), Now.AddDays(335), serialNumber);
        var file = Path(Guid.NewGuid().ToString("N"));
        File.WriteAllText(file + ".pem", certificate.ExportCertificatePem());
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem());
        File.AppendAllText(Path("index.txt"), $"V\t{Now.AddDays(335):yyMMddHHmmss}Z\t\t{Convert.ToHexString(serialNumber)}\tunknown\t/CN={Convert.ToHexString(serialNumber)}\n");
        return new TestHolder(address, certificate, file + ".pem", file + ".key");
    }

    public void Revoke(TestHolder holder, DateTimeOffset at)
    {
        _revoked.AddEntry(holder.Certificate, at, X509RevocationReason.KeyCompromise);
        var lines = File.ReadAllLines(Path("index.txt"))
            .Select(line => line.Contains(holder.Certificate.SerialNumber, StringComparison.Ordinal)
                ? $"R\t{line.Split('\t')[1]}\t{at:yyMMddHHmmss}Z,keyCompromise\t{holder.Certificate.SerialNumber}\tunknown\t/CN={holder.Certificate.SerialNumber}"
                : line);
        File.WriteAllLines(Path("index.txt"), lines);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _rootKey.Dispose();
        _issuingKey.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Path(string name) => System.IO.Path.Combine(_directory.FullName, name);

    private X509Certificate2 Authority(string name, ECDsa key, X509Certificate2? issuer)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, issuer is not null, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer is null)
        {
            using var root = request.CreateSelfSigned(Now.AddYears(-3), Now.AddYears(10));
            return X509CertificateLoader.LoadCertificate(root.RawData);
        }

        Publish(request, $"{Address}root.crl", null, $"{Address}root.cer");
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        return request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey), Now.AddYears(-2), Now.AddYears(8), [1, .. RandomNumberGenerator.GetBytes(11)]);
    }

    private static void Publish(CertificateRequest request, string? list, string? responder, string issuer)
    {
        if (list is not null)
        {
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([list]));
        }

        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(responder is null ? [] : [responder], [issuer]));
    }

    private async Task AnswerAsync()
    {
        while (true)
        {
            var context = await _listener.GetContextAsync();
            var path = context.Request.Url!.AbsolutePath;
            _asked.Enqueue(path);
            await using var body = context.Response.OutputStream;
            if (Redirects && !path.StartsWith("/there", StringComparison.Ordinal))
            {
                context.Response.Redirect($"{Address}there{path}");
                continue;
            }

            var answer = IsAway ? null : AnswersWith ?? await ContentAsync(path.Replace("/there", string.Empty, StringComparison.Ordinal), context.Request);
            context.Response.StatusCode = answer is null ? 404 : 200;
            if (answer is not null)
            {
                context.Response.ContentLength64 = answer.Length;
                await body.WriteAsync(answer);
            }
        }
    }

    private async Task<byte[]?> ContentAsync(string path, HttpListenerRequest request) => path switch
    {
        "/root.cer" => Root.RawData,
        "/issuing.cer" => Issuing.RawData,
        "/root.crl" => List(new CertificateRevocationListBuilder(), Root, _rootKey),
        "/issuing.crl" => List(_revoked, Issuing, _issuingKey),
        "/ocsp" => await RespondAsync(request),
        _ => null,
    };

    private byte[] List(CertificateRevocationListBuilder entries, X509Certificate2 authority, ECDsa key)
    {
        using var withKey = authority.CopyWithPrivateKey(key);
        return entries.Build(withKey, _number++, Now.AddDays(7), HashAlgorithmName.SHA256, thisUpdate: Now.AddMinutes(-1));
    }

    private async Task<byte[]> RespondAsync(HttpListenerRequest request)
    {
        var (asked, answered) = (Path("request.der"), Path("response.der"));
        await using (var file = File.Create(asked))
        {
            await request.InputStream.CopyToAsync(file);
        }

        (await OpenSsl.RunAsync(
            [],
            "ocsp", "-index", Path("index.txt"), "-CA", Path("issuing.pem"), "-rsigner", Path("issuing.pem"), "-rkey", Path("issuing.key"),
            "-reqin", asked, "-respout", answered, "-ndays", "1")).Demand();
        return await File.ReadAllBytesAsync(answered);
    }
}
