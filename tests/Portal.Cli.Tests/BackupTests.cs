using Portal.Testing.KeyVault;

namespace Portal.Cli.Tests;

public sealed class BackupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_is_one_command_and_so_is_its_restore(bool postgres)
    {
        await using var portal = postgres ? await OperatedPortal.OnPostgresAsync() : await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        var file = Path.Combine(portal.DirectoryName, "portal.tar");
        Assert.Contains("is not in it, because together they open everything", await portal.DoAsync("backup", file), StringComparison.Ordinal);
        await portal.DoAsync("policy", "--signed-only", "true");

        var refused = await portal.RunAsync("restore", file);
        var restored = await portal.DoAsync("restore", file, "--replace");

        Assert.Equal(1, refused.Code);
        Assert.StartsWith("Nothing was changed. An organisation lives in this database.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Example Clinic: its audit chain up to entry", restored, StringComparison.Ordinal);
        Assert.Contains("signed only       not allowed", await portal.DoAsync("policy"), StringComparison.Ordinal);
        Assert.Equal((1, $"{file} is there already.\n"), ((await portal.RunAsync("backup", file)).Code, (await portal.RunAsync("backup", file)).Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_master_key_seals_everything_and_what_is_left_under_the_former_is_said(bool postgres)
    {
        await using var portal = postgres ? await OperatedPortal.OnPostgresAsync() : await OperatedPortal.OnSqliteAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        var directory = portal.Settings["Portal__DataDirectory"];
        var key = Path.Combine(directory, "master.key");
        var former = await File.ReadAllBytesAsync(key);

        var (_, answer) = await portal.AskAsync("keys", "reseal", "--new");

        Assert.True(answer.GetProperty("resealed").GetInt32() >= 3);
        Assert.NotEqual(former, await File.ReadAllBytesAsync(key));
        Assert.Equal(former, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(directory, "master.key.older-*"))));
        Assert.Contains($"The master key {answer.GetProperty("masterKey").GetString()} is in", await portal.DoAsync("check"), StringComparison.Ordinal);
        Assert.Equal(0, (await portal.AskAsync("keys", "reseal")).Json.GetProperty("resealed").GetInt32());

        // As it is half way: the file holds a key that seals nothing yet.
        var older = Directory.GetFiles(directory, "master.key.older-*").Single();
        File.Move(key, $"{key}.older-new");
        File.Move(older, key);
        Assert.Contains("are sealed under another master key", await portal.DoAsync("check"), StringComparison.Ordinal);
        Assert.Contains("Some keys are sealed under a former master key", await portal.DoAsync("backup", Path.Combine(portal.DirectoryName, "portal.tar")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_takes_the_master_key_over_and_then_no_file_is_needed()
    {
        await using var portal = await OperatedPortal.OnSqliteAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        await portal.DoAsync("organisation", "add", "Example Clinic", "example.test");
        foreach (var (name, value) in vault.Settings("vault").Append(("Portal:KeyStores:Local:SealedBy", "vault")))
        {
            portal.Settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Assert.Contains("are sealed under another master key", await portal.DoAsync("check"), StringComparison.Ordinal);
        Assert.Contains("Some keys are sealed under a former master key", await portal.DoAsync("backup", Path.Combine(portal.DirectoryName, "before.tar")), StringComparison.Ordinal);
        await portal.DoAsync("keys", "reseal");
        File.Delete(Path.Combine(portal.Settings["Portal__DataDirectory"], "master.key"));

        var check = await portal.DoAsync("check");
        Assert.DoesNotContain("another master key", check, StringComparison.Ordinal);
        Assert.Contains("It opens this installation's secret.", check, StringComparison.Ordinal);
        var backup = await portal.DoAsync("backup", Path.Combine(portal.DirectoryName, "after.tar"));
        Assert.Contains("No master key is needed", backup, StringComparison.Ordinal);
        Assert.DoesNotContain("former master key", backup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_client_programs_are_missing_it_is_said()
    {
        await using var portal = await OperatedPortal.OnPostgresAsync();
        portal.Settings["Portal__Backup__PostgresTools"] = portal.DirectoryName;

        var answer = await portal.RunAsync("backup", Path.Combine(portal.DirectoryName, "portal.tar"));

        Assert.Equal(1, answer.Code);
        Assert.Contains("pg_dump is not found. Install PostgreSQL's client programs", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(portal.DirectoryName));
    }
}
