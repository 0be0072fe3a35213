namespace Portal.Web.Accounts;

/// <summary>Sessions and the pages that are open in them.</summary>
internal sealed class OpenPageOptions
{
    public const string Section = "Portal:Session";

    /// <summary>At least a minute: after this long without a click or a key the person is signed out.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often an open page asks whether its session still stands; at most a minute.</summary>
    public TimeSpan Revalidation { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Open pages of one person at a time.</summary>
    public int CircuitsPerAccount { get; set; } = 30;

    /// <summary>Pages of all people that are kept while their connection is lost, so that they go on where they were; for three minutes each.</summary>
    public int RetainedCircuits { get; set; } = 50;

    public bool IsValid() =>
        Idle >= TimeSpan.FromMinutes(1)
        && Revalidation > TimeSpan.Zero
        && Revalidation <= TimeSpan.FromMinutes(1)
        && CircuitsPerAccount > 0
        && RetainedCircuits >= 0;
}
