namespace Portal.Architecture.Tests;

/// <summary>Capabilities use each other downwards only, so never in a circle.</summary>
public sealed class CapabilityTests
{
    private const string Application = "Portal.Application";

    private static readonly string[] FromTheBottomUp =
    [
        "Telemetry", "Audit", "Organisations", "Accounts", "KeyBroker", "AtRest", "Quotas", "Backups", "Work", "Checkpoints", "Domains", "Brands", "Certificates", "Policies",
        "Transport", "Trust", "Notifications", "Mailboxes", "Outbox", "Approvals", "KeyManagement", "Protection", "LargeFiles", "Inbox", "SecureLinks", "Compose", "Sweeping", "Setup", "Checks",
    ];

    [Fact]
    public void Every_capability_has_its_place_in_the_order()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", Application))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj"));
        Assert.Equal(FromTheBottomUp.Order(), folders.Order());
    }

    [Fact]
    public void A_capability_uses_only_those_below_it()
    {
        var upwards = House.Uses
            .Select(use => (use.From, use.To, Lower: CapabilityOf(use.From), Upper: CapabilityOf(use.To)))
            .Where(use => use.Lower is not null && use.Upper is not null)
            .Where(use => Array.IndexOf(FromTheBottomUp, use.Lower) < Array.IndexOf(FromTheBottomUp, use.Upper))
            .Select(use => $"{use.From} uses {use.To}");
        Assert.Empty(upwards);
    }

    [Fact]
    public void The_order_is_really_looked_at()
    {
        Assert.Contains(House.Uses, use => CapabilityOf(use.From) == "Compose" && CapabilityOf(use.To) == "Protection");
        Assert.True(House.Uses.Count(use => CapabilityOf(use.From) is not null && CapabilityOf(use.To) is not null) > 500);
    }

    /// <returns>Null for what belongs to none: ids, actors, the context that holds all tables.</returns>
    private static string? CapabilityOf(string type)
    {
        if (!House.IsIn(type, Application))
        {
            return null;
        }

        var rest = type[(Application.Length + 1)..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : rest[..dot];
    }
}
