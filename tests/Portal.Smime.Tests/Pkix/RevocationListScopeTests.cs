using Portal.Smime.Pkix;
using Portal.Smime.Tests.Support;

namespace Portal.Smime.Tests.Pkix;

/// <summary>The partitions and deltas that we publish, as openssl and we read them.</summary>
public sealed class RevocationListScopeTests
{
    private static readonly Holder Root = Holder.Root("CN=Root");
    private static readonly Holder Issuing = Root.Authority("CN=Issuing");
    private static readonly Uri Here = new("http://pki.example.org/1.crl");
    private static readonly Holder Dora = Issuing.Person(draft => draft.With(ExtensionOf.DistributionPoints(([NameOf.Location($"{Here}")], null, null))));

    [Fact]
    public async Task Openssl_prints_what_a_partition_covers()
    {
        var printed = await PrintAsync(await BuildAsync(5, new RevocationListScope { DistributionPoints = [Here], OnlyUserCertificates = true }));

        Assert.Contains("X509v3 Issuing Distribution Point: critical", printed, StringComparison.Ordinal);
        Assert.Contains("URI:http://pki.example.org/1.crl", printed, StringComparison.Ordinal);
        Assert.Contains("Only User Certificates", printed, StringComparison.Ordinal);
        Assert.Contains("Only CA Certificates", await PrintAsync(await BuildAsync(5, new RevocationListScope { OnlyAuthorityCertificates = true })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openssl_prints_the_base_of_a_delta()
    {
        var printed = await PrintAsync(await BuildAsync(7, new RevocationListScope { BaseNumber = 5 }, Entry(CrlReason.RemoveFromCrl)));

        Assert.Contains("X509v3 Delta CRL Indicator: critical", printed, StringComparison.Ordinal);
        Assert.Contains("Remove From CRL", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_we_build_means_what_it_should()
    {
        var partition = new RevocationListScope { DistributionPoints = [Here], OnlyUserCertificates = true };
        var complete = await BuildAsync(5, partition, Entry(CrlReason.CertificateHold));
        var delta = await BuildAsync(7, partition with { BaseNumber = 5 }, Entry(CrlReason.RemoveFromCrl));

        Assert.IsType<PathValidation.Valid>(await ValidateAsync(await BuildAsync(4, partition)));
        Assert.IsType<PathValidation.Revoked>(await ValidateAsync(complete));
        Assert.IsType<PathValidation.Valid>(await ValidateAsync(complete, delta));
        Assert.IsType<PathValidation.Invalid>(await ValidateAsync(await BuildAsync(4, partition with { DistributionPoints = [new Uri("http://pki.example.org/2.crl")] })));
    }

    [Theory]
    [InlineData("1.crl", true)]
    [InlineData("2.crl", false)]
    public async Task We_read_the_partition_of_openssl(string name, bool isItsOwn)
    {
        using var bench = new Workbench();
        bench.Write("ca.pem", Workbench.Pem(Issuing.Certificate));
        bench.Write("ca.key", Mail.Bytes(Issuing.Key.ExportPkcs8PrivateKeyPem()));
        bench.Write("index.txt", []);
        bench.Write("number", "07\n"u8.ToArray());
        bench.Write("ca.cnf", Mail.Bytes(
            "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ncrl_extensions=ext\n"
            + $"[ext]\nissuingDistributionPoint=critical,@idp\n[idp]\nfullname=URI:http://pki.example.org/{name}\nonlyuser=TRUE\n"));
        await bench.RunAsync("ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-crldays", "7", "-out", "list.pem");

        var validation = await ValidateAsync(await bench.RunAsync("crl", "-in", "list.pem", "-outform", "DER"));
        Assert.Equal(isItsOwn, validation is PathValidation.Valid);
    }

    [Fact]
    public async Task What_a_list_cannot_say_is_not_built()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => BuildAsync(5, RevocationListScope.All, Entry(CrlReason.RemoveFromCrl)));
        await Assert.ThrowsAsync<ArgumentException>(() => BuildAsync(5, new RevocationListScope { BaseNumber = 6 }));
        await Assert.ThrowsAsync<ArgumentException>(() => BuildAsync(5, new RevocationListScope { OnlyAuthorityCertificates = true, OnlyUserCertificates = true }));
    }

    private static RevokedCertificate Entry(CrlReason reason) => new(Dora.Certificate.SerialNumberBytes, Pki.Now.AddHours(-2), reason);

    private static Task<byte[]> BuildAsync(int number, RevocationListScope scope, params RevokedCertificate[] revoked) =>
        RevocationListBuilder.BuildAsync(Issuing.Issuing, number, revoked, Pki.Now.AddHours(-1), Pki.Now.AddDays(7), scope, default);

    private static async Task<PathValidation> ValidateAsync(params byte[][] lists)
    {
        var root = await RevocationListBuilder.BuildAsync(Root.Issuing, 1, [], Pki.Now.AddHours(-1), Pki.Now.AddDays(7), default);
        return new PathCase("", Dora.Certificate) { Anchors = [Root], Between = [Issuing], Lists = [root, .. lists] }.Validate();
    }

    private static async Task<string> PrintAsync(byte[] list)
    {
        using var bench = new Workbench();
        bench.Write("list.der", list);
        return Mail.String(await bench.RunAsync("crl", "-inform", "DER", "-in", "list.der", "-text", "-noout"));
    }
}
