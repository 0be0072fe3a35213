using System.Globalization;
using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>Requests and responses, both ways with openssl.</summary>
public sealed class OcspByOpenSslTests : IDisposable
{
    private readonly Workbench _bench = new();

    public OcspByOpenSslTests()
    {
        foreach (var (name, holder) in new[] { ("root", OcspWorld.Root), ("issuing", OcspWorld.Issuing), ("dora", OcspWorld.Dora), ("responder", OcspWorld.Responder) })
        {
            _bench.Write($"{name}.pem", Workbench.Pem(holder.Certificate));
            _bench.Write($"{name}.key", Mail.Bytes(holder.Key.ExportPkcs8PrivateKeyPem()));
        }
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false, "good")]
    [InlineData(true, "good")]
    [InlineData(true, "revoked")]
    [InlineData(false, "unknown")]
    public async Task Openssl_reads_our_response(bool isDelegated, string status)
    {
        OcspCertificateStatus said = status switch { "good" => OcspWorld.Good, "revoked" => OcspWorld.Revoked(CrlReason.Superseded), _ => new OcspCertificateStatus.Unknown() };
        var response = await OcspWorld.RespondAsync(isDelegated ? OcspWorld.Responder : OcspWorld.Issuing, OcspWorld.Single(said));
        _bench.Write("response.der", response.Encoded.ToArray());

        var (exitCode, output, words) = await _bench.TryAsync(
            "ocsp", "-issuer", "issuing.pem", "-sha256", "-cert", "dora.pem", "-respin", "response.der", "-CAfile", "root.pem", "-verify_other", "issuing.pem");

        Assert.Contains("Response verify OK", words, StringComparison.Ordinal);
        Assert.True(exitCode == 0, words);
        Assert.Contains($"dora.pem: {status}", Mail.String(output), StringComparison.Ordinal);
        Assert.Equal(status == "revoked", Mail.String(output).Contains("superseded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("issuing", "sha1", false)]
    [InlineData("issuing", "sha256", true)]
    [InlineData("responder", "sha1", true)]
    [InlineData("responder", "sha256", false)]
    public async Task We_read_the_response_of_openssl_to_our_own_and_its_request(string responder, string digest, bool byKey)
    {
        if (digest == "sha1")
        {
            await _bench.RunAsync("ocsp", "-issuer", "issuing.pem", "-cert", "dora.pem", "-reqout", "request.der");
        }
        else
        {
            _bench.Write("request.der", new OcspRequest([OcspWorld.Id], new byte[] { 7, 7, 7, 7 }).Encode());
        }

        foreach (var (isRevoked, entry) in new[] { (false, "V\t{0}\t\t{1}\tunknown\t/CN=x\n"), (true, "R\t{0}\t{2},superseded\t{1}\tunknown\t/CN=x\n") })
        {
            var response = await AnswerAsync(responder, entry, byKey);

            Assert.Equal(OcspResponseStatus.Successful, response.Status);
            Assert.True(OcspRequest.TryParse(_bench.Read("request.der"), out var request));
            Assert.Equal(request.Nonce!.Value.ToArray(), response.Nonce!.Value.ToArray());
            var validation = OcspWorld.Validate(response);
            Assert.True(isRevoked ? validation is PathValidation.Revoked { Entry.Reason: CrlReason.Superseded } : validation is PathValidation.Valid, $"{validation}");
        }
    }

    [Fact]
    public async Task We_read_the_request_of_openssl()
    {
        await _bench.RunAsync("ocsp", "-issuer", "issuing.pem", "-cert", "dora.pem", "-serial", "0x1234", "-sha256", "-cert", "dora.pem", "-reqout", "request.der");

        Assert.True(OcspRequest.TryParse(_bench.Read("request.der"), out var request));
        Assert.Equal(3, request.CertificateIds.Count);
        Assert.All(request.CertificateIds, id => Assert.True(id.IsIssuedBy(OcspWorld.Issuing.Certificate)));
        Assert.All(request.CertificateIds, id => Assert.False(id.IsIssuedBy(OcspWorld.Root.Certificate)));
        Assert.Equal([Oids.Sha1, Oids.Sha1, Oids.Sha256], request.CertificateIds.Select(id => id.HashAlgorithm));
        Assert.Equal(OcspWorld.Dora.Certificate.SerialNumberBytes.ToArray(), request.CertificateIds[0].SerialNumber.ToArray());
        Assert.Equal([0x12, 0x34], request.CertificateIds[1].SerialNumber.ToArray());
        Assert.NotEmpty(request.Nonce!.Value.ToArray());
    }

    [Fact]
    public async Task Openssl_reads_our_request()
    {
        _bench.Write("request.der", new OcspRequest([OcspWorld.Id, OcspWorld.Id], null).Encode());

        var printed = Mail.String(await _bench.RunAsync("ocsp", "-reqin", "request.der", "-req_text"));

        Assert.Equal(3, printed.Split("Serial Number: " + OcspWorld.Dora.Certificate.SerialNumber, StringSplitOptions.None).Length);
        Assert.Contains("Hash Algorithm: sha256", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_has_its_limits()
    {
        Assert.True(OcspRequest.TryParse(new OcspRequest(Enumerable.Repeat(OcspWorld.Id, 100).ToList(), null).Encode(), out _));
        Assert.False(OcspRequest.TryParse(new OcspRequest(Enumerable.Repeat(OcspWorld.Id, 101).ToList(), null).Encode(), out _));
        Assert.False(OcspRequest.TryParse(new OcspRequest([], null).Encode(), out _));
        Assert.False(OcspRequest.TryParse(new OcspRequest([OcspWorld.Id], new byte[129]).Encode(), out _));
        Assert.True(OcspRequest.TryParse(new OcspRequest([OcspWorld.Id], new byte[128]).Encode(), out _));
        Assert.False(OcspRequest.TryParse(new OcspRequest([OcspWorld.Id with { IssuerNameHash = new byte[40_000] }], null).Encode(), out _));
    }

    private async Task<OcspResponse> AnswerAsync(string responder, string entry, bool byKey)
    {
        var person = OcspWorld.Dora.Certificate;
        _bench.Write("index.txt", Mail.Bytes(string.Format(
            CultureInfo.InvariantCulture, entry, $"{Pki.Now.AddDays(90):yyMMddHHmmssZ}", person.SerialNumber, $"{Pki.Now.AddHours(-1):yyMMddHHmmssZ}")));
        string[] arguments =
        [
            "ocsp", "-index", "index.txt", "-CA", "issuing.pem", "-rsigner", $"{responder}.pem", "-rkey", $"{responder}.key",
            "-reqin", "request.der", "-respout", "response.der", "-ndays", "2", .. byKey ? ["-resp_key_id"] : Array.Empty<string>(),
        ];
        await _bench.RunAsync(arguments);
        Assert.True(OcspResponse.TryParse(_bench.Read("response.der"), out var response));
        return response;
    }
}
