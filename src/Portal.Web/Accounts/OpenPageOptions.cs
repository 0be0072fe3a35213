namespace Portal.Web.Accounts;

/// <summary>The pages that are open in sessions.</summary>
internal sealed class OpenPageOptions
{
    public const string Section = "Portal:Session";

    /// <summary>At most a minute: how often an open page asks whether its session still stands.</summary>
    public TimeSpan Revalidation { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Open pages of one person at a time.</summary>
    public int CircuitsPerAccount { get; set; } = 30;

    /// <summary>Pages of all people that are kept while their connection is lost, so that they go on where they were; for three minutes each.</summary>
    public int RetainedCircuits { get; set; } = 50;

    public bool IsValid() =>
        Revalidation > TimeSpan.Zero && Revalidation <= TimeSpan.FromMinutes(1) && CircuitsPerAccount > 0 && RetainedCircuits >= 0;
}
