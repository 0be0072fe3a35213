using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>`portal smime certificate check` on an authority of openssl's own.</summary>
public sealed class CheckingCertificatesTests(SmimeFiles files) : IClassFixture<SmimeFiles>
{
    [Fact]
    public async Task A_certificate_is_valid_until_its_authority_revokes_it()
    {
        var authority = await AuthorityAsync();
        var good = await authority.IssueAsync("good");
        var bad = await authority.IssueAsync("bad");
        await authority.RunAsync("-revoke", bad, "-crl_reason", "keyCompromise");
        await authority.RunAsync("-gencrl", "-crldays", "7", "-out", authority.PathOf("list.crl"));

        var (code, json) = await SmimeFiles.AskAsync("certificate", "check", good, "--trust", authority.Root, "--crl", authority.PathOf("list.crl"));
        Assert.Equal((0, "valid", "required"), (code, json.GetProperty("result").GetString(), json.GetProperty("revocation").GetString()));
        Assert.Equal("revocation-list", json.GetProperty("path")[0].GetProperty("revocation").GetString());

        (code, json) = await SmimeFiles.AskAsync("certificate", "check", bad, "--trust", authority.Root, "--crl", authority.PathOf("list.crl"));
        Assert.Equal((1, "revoked", "key-compromise"), (code, json.GetProperty("result").GetString(), json.GetProperty("reason").GetString()));

        (code, json) = await SmimeFiles.AskAsync("certificate", "check", bad, "--trust", authority.Root);
        Assert.Equal((0, "not-published"), (code, json.GetProperty("revocation").GetString()));
    }

    [Theory]
    [InlineData("expired", "--at", "2060-01-01")]
    [InlineData("not-yet-valid", "--at", "2001-01-01")]
    [InlineData("policy", "--policy", "1.2.3.4", "--explicit-policy")]
    public async Task What_fails_is_named(string reason, params string[] options)
    {
        var authority = await AuthorityAsync();

        var (code, json) = await SmimeFiles.AskAsync(["certificate", "check", await authority.IssueAsync("any"), "--trust", authority.Root, .. options]);

        Assert.Equal((1, reason), (code, json.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task An_authority_that_is_not_trusted_is_unknown()
    {
        var (authority, other) = (await AuthorityAsync(), await AuthorityAsync());

        var answer = await SmimeFiles.RunAsync("certificate", "check", await authority.IssueAsync("any"), "--trust", other.Root);

        Assert.Equal(1, answer.Code);
        Assert.StartsWith("Not valid: unknown-authority", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--policy", "secret")]
    [InlineData("--purpose", "mail")]
    public async Task An_option_that_cannot_be_understood_is_2(params string[] options) =>
        Assert.Equal(2, (await SmimeFiles.RunAsync(["certificate", "check", "x.pem", .. options])).Code);

    private async Task<Authority> AuthorityAsync()
    {
        var authority = new Authority(Directory.CreateDirectory(files.Fresh(string.Empty)).FullName);
        await authority.FoundAsync();
        return authority;
    }

    private sealed class Authority(string directory)
    {
        public string Root => PathOf("root.pem");

        public string PathOf(string name) => Path.Combine(directory, name);

        public async Task FoundAsync()
        {
            await File.WriteAllTextAsync(PathOf("index.txt"), string.Empty);
            await File.WriteAllTextAsync(PathOf("ca.cnf"), $"""
                [ca]
                default_ca = here
                [here]
                database = {PathOf("index.txt")}
                new_certs_dir = {directory}
                certificate = {Root}
                private_key = {PathOf("root.key")}
                rand_serial = yes
                default_md = sha256
                default_days = 100
                policy = any
                x509_extensions = person
                crl_extensions = list
                [any]
                commonName = supplied
                [person]
                basicConstraints = critical, CA:FALSE
                keyUsage = critical, digitalSignature
                extendedKeyUsage = emailProtection
                subjectAltName = email:person@example.test
                [list]
                authorityKeyIdentifier = keyid
                """);
            await RunAsync("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3000", "-subj", $"/CN={Guid.NewGuid():N}",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", PathOf("root.key"), "-out", Root);
        }

        public async Task<string> IssueAsync(string name)
        {
            await RunAsync("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", $"/CN={name}", "-keyout", PathOf($"{name}.key"), "-out", PathOf($"{name}.csr"));
            await RunAsync("-in", PathOf($"{name}.csr"), "-out", PathOf($"{name}.pem"), "-batch", "-notext");
            return PathOf($"{name}.pem");
        }

        /// <summary>`openssl ca`, unless another command is named.</summary>
        public async Task RunAsync(params string[] arguments) => (await OpenSsl.RunAsync(
            [], arguments[0] == "req" ? arguments : ["ca", "-config", PathOf("ca.cnf"), .. arguments])).Demand();
    }
}
