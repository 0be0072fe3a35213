namespace Portal.Web.Accounts;

/// <summary>Section <c>Portal:Session</c>.</summary>
internal sealed class OpenPageOptions
{
    /// <summary>After this long without a click or a key the person is signed out.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often an open page asks whether its session still stands; at most a minute.</summary>
    public TimeSpan Revalidation { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Open pages of one person at a time.</summary>
    public int CircuitsPerAccount { get; set; } = 30;

    public bool IsValid() =>
        Idle >= TimeSpan.FromMinutes(1)
        && Revalidation > TimeSpan.Zero
        && Revalidation <= TimeSpan.FromMinutes(1)
        && CircuitsPerAccount > 0;
}
