namespace Portal.Cli.Tests;

/// <summary>Links that are printed, for somebody to open.</summary>
public sealed class LinkTests(FoundedPortal founded) : IClassFixture<FoundedPortal>
{
    [Fact]
    public async Task A_link_without_a_host_says_where_to_open_it_and_what_makes_it_whole()
    {
        await using var portal = OperatedPortal.CopyOf(founded.Portal);
        var lines = (await portal.DoAsync("user", "add", "ada@example.test", "--name", "Ada")).Split('\n');

        Assert.StartsWith("/join/", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("portal's address", StringComparison.Ordinal) && line.Contains("Portal__PublicAddress", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_whole_link_needs_no_explanation()
    {
        await using var portal = OperatedPortal.CopyOf(founded.Portal);
        portal.Settings["Portal__PublicAddress"] = "https://mail.example.test";

        var output = await portal.DoAsync("user", "add", "ada@example.test", "--name", "Ada");

        Assert.StartsWith("https://mail.example.test/join/", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PublicAddress", output, StringComparison.Ordinal);
    }
}
