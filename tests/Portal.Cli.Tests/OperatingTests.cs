using System.Globalization;
using System.Text.Json;
using Portal.Testing;
using Portal.Testing.KeyVault;

namespace Portal.Cli.Tests;

public sealed class OperatingTests
{
    [Fact]
    public async Task Several_organisations_are_founded_listed_and_told_apart()
    {
        await using var portal = await OperatedPortal.OnPostgresAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "Example.test");
        await portal.DoAsync("organisation", "add", "Rival", "rival.test");
        var taken = await portal.RunAsync("organisation", "add", "Third", "example.test");
        var malformed = await portal.AskAsync("organisation", "add", "Third", "not a domain");

        Assert.Equal((1, "example.test belongs to another organisation.\n"), (taken.Code, taken.Error));
        Assert.Equal((1, "\"not a domain\" is no mail domain."), (malformed.Code, malformed.Json.GetProperty("error").GetString()));
        var (_, list) = await portal.AskAsync("organisation", "list");
        Assert.Equal(["Example Clinic", "Rival"], list.EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(1, (await portal.RunAsync("policy")).Code);
        Assert.StartsWith("Rival\n", await portal.DoAsync("policy", "--domain", "rival.test"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_read_ids_as_text_and_nothing_twice()
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");

        var organisation = Assert.Single((await portal.AskAsync("organisation", "list")).Json.EnumerateArray());
        var domain = Assert.Single((await portal.AskAsync("organisation", "domain", "list")).Json.EnumerateArray());
        var policy = (await portal.AskAsync("policy")).Json.GetProperty("policy");

        Assert.True(Guid.TryParseExact(organisation.GetProperty("id").GetString(), "N", out _));
        Assert.True(Guid.TryParseExact(domain.GetProperty("id").GetString(), "N", out _));
        Assert.Equal(["signingKeys", "encryptionKeys", "allowsSignedOnly", "allowsUnprotected", "unknownSoftware", "secondFactor", "certificateDays", "allowsKeyExport", "publishesCertificates", "outsiders", "readers"], policy.EnumerateObject().Select(one => one.Name));
    }

    [Fact]
    public async Task Keys_move_to_the_store_that_was_chosen_and_what_is_not_there_cannot_be_chosen()
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        Assert.Equal((1, "There is no such key store; there are: local.\n"), ((await portal.RunAsync("keys", "stores", "--signing", "vault")).Code, (await portal.RunAsync("keys", "stores", "--signing", "vault")).Error));
        foreach (var (name, value) in vault.Settings("vault"))
        {
            portal.Settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Assert.Contains("signing       vault", await portal.DoAsync("keys", "stores", "--signing", "vault", "--own", "vault"), StringComparison.Ordinal);
        var (_, moved) = await portal.AskAsync("keys", "move");

        // The data key's: the organisation has no people yet.
        Assert.Equal((1, 0), (moved.GetProperty("replaced").GetInt32(), moved.GetProperty("left").GetInt32()));
        Assert.Equal(0, (await portal.AskAsync("keys", "move")).Json.GetProperty("replaced").GetInt32());
        var vaultSettings = vault.Settings("vault").Select(one => one.Name.Replace(":", "__", StringComparison.Ordinal)).ToDictionary(name => name, name => portal.Settings[name]);
        vaultSettings.Keys.ToList().ForEach(name => portal.Settings.Remove(name));
        Assert.Contains("keys are in the key store \"vault\", which is not configured", (await portal.RunAsync("check")).Output, StringComparison.Ordinal);
        vaultSettings.ToList().ForEach(one => portal.Settings[one.Key] = one.Value);
        vault.Fault = _ => new VaultFault(403);
        await portal.DoAsync("keys", "stores", "--own", "local");
        var refused = await portal.RunAsync("keys", "move");
        Assert.Equal(1, refused.Code);
        Assert.StartsWith("0 keys were replaced; then a key store did not do what it was asked.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sqlite_says_that_it_holds_one_organisation()
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");

        var answer = await portal.RunAsync("organisation", "add", "Rival", "rival.test");

        Assert.Equal((1, "This database holds one organisation. For more, use PostgreSQL.\n"), (answer.Code, answer.Error));
    }

    [Fact]
    public async Task Authorities_are_trusted_listed_and_trusted_no_longer_and_all_of_it_is_on_record()
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        var file = Path.Combine(portal.DirectoryName, "ca.pem");
        File.Copy(TestServers.Authority, file);
        await portal.DoAsync("trust", "add", file);

        var (_, list) = await portal.AskAsync("trust", "list");
        var authority = Assert.Single(list.EnumerateArray());
        Assert.Equal("CN=Test servers CA", authority.GetProperty("subject").GetString());
        Assert.Equal(1, (await portal.RunAsync("trust", "remove", "00")).Code);
        await portal.DoAsync("trust", "remove", authority.GetProperty("fingerprint").GetString()![..8]);

        Assert.Equal("refused", Assert.Single((await portal.AskAsync("trust", "list")).Json.EnumerateArray()).GetProperty("standing").GetString());
        var exported = await PortalCli.RunAsync(portal.Settings, "audit", "export");
        var lines = exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var actions = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("action").GetString()).ToList();
        Assert.Equal(["TrustAdded", "TrustRemoved", "AuditExported"], actions[^3..]);
    }

    [Theory]
    [InlineData("There is no file {0}/none.pem.", "trust", "add", "none.pem")]
    [InlineData("{0}/there is a directory: name the file in it.", "trust", "add", "there")]
    [InlineData("There is no file {0}/none.tar.", "restore", "none.tar")]
    [InlineData("{0}/there is there already.", "backup", "there")]
    [InlineData("There is no directory {0}/none.", "backup", "none/portal.tar")]
    [InlineData("There is no directory {0}/none.", "audit", "export", "--output", "none/audit.jsonl")]
    public async Task A_file_that_cannot_be_what_it_has_to_be_is_named(string words, params string[] typed)
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        var place = Directory.CreateDirectory(Path.Combine(portal.DirectoryName, "files"));
        place.CreateSubdirectory("there");

        var answer = await portal.RunAsync([.. typed[..^1], Path.Combine(place.FullName, typed[^1])]);

        Assert.Equal((1, $"{string.Format(CultureInfo.InvariantCulture, words, place.FullName)}\n"), (answer.Code, answer.Error));
    }

    [Fact]
    public async Task A_chain_is_verified_beside_its_checkpoints_and_the_first_bad_entry_is_named()
    {
        await using var portal = await OperatedPortal.OnPostgresAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        await portal.DoAsync("organisation", "add", "Rival", "rival.test");
        await portal.DoAsync("audit", "checkpoint");
        var fine = await portal.DoAsync("audit", "verify");
        Assert.Matches("^Example Clinic: [0-9]+ entries, intact; 1 checkpoint agrees", fine);

        await portal.Database!.AskAsync("update audit_entries set actor = 'portal:nobody' where sequence = 4 and organisation_id = (select organisation_id from organisation_domains where name = 'rival.test')");

        var (code, verdicts) = await portal.AskAsync("audit", "verify");
        Assert.Equal(1, code);
        Assert.Equal([true, false], verdicts.EnumerateArray().Select(one => one.GetProperty("fine").GetBoolean()));
        Assert.Equal((4, "altered"), (verdicts[1].GetProperty("firstBad").GetInt32(), verdicts[1].GetProperty("fault").GetString()));
        Assert.Contains("Rival: entry 4 was altered", (await portal.RunAsync("audit", "verify", "--domain", "rival.test")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await portal.RunAsync("audit", "verify", "--domain", "example.test")).Code);
    }
}
