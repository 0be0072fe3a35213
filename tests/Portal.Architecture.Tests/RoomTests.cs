namespace Portal.Architecture.Tests;

/// <summary>What a line of code knows decides where it stands.</summary>
public sealed class RoomTests
{
    [Fact]
    public void Pages_know_view_records_and_nothing_of_cryptography()
    {
        Assert.DoesNotContain(UsesOf("Portal.Smime"), use => House.IsIn(use.From, "Portal.Web"));
    }

    [Theory]
    [InlineData("Npgsql", "Portal.Database")]
    [InlineData("Microsoft.Data.Sqlite", "Portal.Database")]
    [InlineData("Microsoft.EntityFrameworkCore", "Portal.Database", "Portal.Application")]
    [InlineData("MailKit", "Portal.Application.Transport", "Portal.Application.Inbox.FetchWork", "Portal.Application.Inbox.MailWatch")]
    [InlineData("MimeKit", "Portal.Smime", "Portal.Application.Transport", "Portal.Application.Inbox", "Portal.Application.Outbox", "Portal.Application.Protection", "Portal.Application.Compose", "Portal.Application.Setup.Demo", "Portal.Cli.Smime")]
    [InlineData("DnsClient", "Portal.Application.Domains.TextRecords")]
    [InlineData("Ganss.Xss", "Portal.Application.Inbox.MailHtml")]
    [InlineData("Azure", "Portal.KeyStores.AzureKeyVault")]
    [InlineData("Net.Pkcs11Interop", "Portal.KeyStores.Pkcs11")]
    [InlineData("Portal.KeyStores", "Portal.KeyStores", "Portal.Web", "Portal.Cli")]
    [InlineData("Portal.Database", "Portal.Database", "Portal.Web", "Portal.Cli")]
    public void A_technology_is_known_in_its_rooms_only(string technology, params string[] rooms)
    {
        var elsewhere = UsesOf(technology).Where(use => !rooms.Any(room => House.IsIn(use.From, room) || IsTypeOrItsOwn(use.From, room)));
        Assert.Empty(elsewhere.Select(use => $"{use.From} uses {use.To}"));
    }

    [Fact]
    public void Only_the_key_broker_opens_key_stores()
    {
        string[] may = ["Portal.Application.KeyBroker", "Portal.KeyStores", "Portal.Smime"];
        var others = House.Uses.Where(use => use.To is "Portal.Smime.Keys.IKeyStore" or "Portal.Application.KeyBroker.GuardedKeyStore"
            && !may.Any(room => House.IsIn(use.From, room)));
        Assert.Empty(others.Select(use => use.From).Distinct());
    }

    [Fact]
    public void Pages_have_no_database_context()
    {
        Assert.DoesNotContain(House.Uses, use => House.IsIn(use.From, "Portal.Web") && use.To.Contains("DbContext", StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_of_ours_is_longer_than_400_lines()
    {
        var long400 = Repository.Sources("*.cs", "*.razor", "*.css", "*.js", "*.sh")
            .Where(file => !file.EndsWith(".Designer.cs", StringComparison.Ordinal))
            .Select(file => (file, Lines: Repository.Read(file).Split('\n').Length))
            .Where(one => one.Lines > 400)
            .Select(one => $"{one.file}: {one.Lines}");
        Assert.Empty(long400);
    }

    private static IEnumerable<(string From, string To)> UsesOf(string space) => House.Uses.Where(use => House.IsIn(use.To, space));

    // Nested and generated types count as the type that they stand in.
    private static bool IsTypeOrItsOwn(string type, string name) =>
        type == name || type.StartsWith(name + "+", StringComparison.Ordinal) || type.StartsWith(name + "/", StringComparison.Ordinal);
}
