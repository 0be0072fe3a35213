namespace Portal.Web.Accounts;

/// <summary>Attempts at signing in, on each node.</summary>
internal sealed class SignInLimitOptions
{
    public const string Section = "Portal:SignIn";

    /// <summary>Attempts from one network address in a minute.</summary>
    public int AttemptsPerNetwork { get; init; } = 30;

    /// <summary>Attempts at one account in five minutes, right and wrong ones.</summary>
    public int AttemptsPerAccount { get; init; } = 10;

    public bool IsValid() => AttemptsPerNetwork > 0 && AttemptsPerAccount > 0;
}
