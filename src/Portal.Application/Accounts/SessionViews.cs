namespace Portal.Application.Accounts;

/// <param name="Browser">In a few words, such as Firefox on Windows; at most 100 characters.</param>
/// <param name="Network">The network address.</param>
public sealed record SessionOrigin(string Browser, string Network);

/// <param name="Id">The session.</param>
/// <param name="Browser">In a few words.</param>
/// <param name="Network">The network address that signed in.</param>
/// <param name="SecondFactor">Not by a password alone.</param>
/// <param name="BeganAt">The sign-in.</param>
/// <param name="LastSeenAt">Within a minute.</param>
public sealed record SessionView(SessionId Id, string Browser, string Network, bool SecondFactor, DateTimeOffset BeganAt, DateTimeOffset LastSeenAt);

/// <summary>What a password or a passkey leads to.</summary>
public abstract record SignInOutcome
{
    public sealed record SignedIn : SignInOutcome;

    /// <summary>The password is right; a code or a passkey has to follow.</summary>
    public sealed record SecondFactorNeeded : SignInOutcome;

    /// <summary>The password is right; the organisation asks for a second factor, and there is none yet.</summary>
    public sealed record SecondFactorMissing : SignInOutcome;

    /// <summary>The first step is too long ago.</summary>
    public sealed record StartAgain : SignInOutcome;

    /// <summary>Unknown, wrong, disabled or locked: one answer.</summary>
    public sealed record Refused : SignInOutcome;
}
