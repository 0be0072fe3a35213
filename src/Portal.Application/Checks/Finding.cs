namespace Portal.Application.Checks;

public enum FindingState
{
    Ok,

    /// <summary>It works; somebody should look.</summary>
    Warning,

    Problem,
}

/// <param name="Area">Of what.</param>
/// <param name="State">How it is.</param>
/// <param name="What">In words.</param>
/// <param name="Mend">What to do about it; null where nothing is to be done.</param>
public sealed record Finding(string Area, FindingState State, string What, string? Mend = null)
{
    public static Finding Ok(string area, string what) => new(area, FindingState.Ok, what);

    public static Finding Warning(string area, string what, string mend) => new(area, FindingState.Warning, what, mend);

    public static Finding Problem(string area, string what, string? mend = null) => new(area, FindingState.Problem, what, mend);
}
