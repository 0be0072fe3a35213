namespace Portal.Web.Accounts;

/// <summary>Section <c>Portal:Session</c>, as far as open pages are concerned.</summary>
internal sealed class OpenPageOptions
{
    /// <summary>How often an open page asks whether its session still stands; at most a minute.</summary>
    public TimeSpan Revalidation { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Open pages of one person at a time.</summary>
    public int CircuitsPerAccount { get; set; } = 30;

    public bool IsValid() => Revalidation > TimeSpan.Zero && Revalidation <= TimeSpan.FromMinutes(1) && CircuitsPerAccount > 0;
}
