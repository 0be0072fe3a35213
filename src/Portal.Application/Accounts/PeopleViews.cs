namespace Portal.Application.Accounts;

/// <param name="Id">The account.</param>
/// <param name="DisplayName">As recipients see it.</param>
/// <param name="Email">The address that signs in.</param>
/// <param name="Roles">What they are.</param>
/// <param name="Disabled">They cannot sign in.</param>
/// <param name="LockedUntil">After too many wrong passwords.</param>
/// <param name="HasSecondFactor">An authenticator app or a passkey.</param>
/// <param name="LastSignInAt">None when they never did.</param>
public sealed record PersonRow(
    AccountId Id, string DisplayName, string Email, Roles Roles, bool Disabled, DateTimeOffset? LockedUntil, bool HasSecondFactor, DateTimeOffset? LastSignInAt);

/// <param name="Person">As the list shows them.</param>
/// <param name="CreatedAt">Since when they are here.</param>
/// <param name="Passkeys">How many.</param>
/// <param name="Sessions">Where they are signed in.</param>
public sealed record PersonView(PersonRow Person, DateTimeOffset CreatedAt, int Passkeys, IReadOnlyList<SessionView> Sessions);

/// <param name="Id">The link.</param>
/// <param name="DisplayName">Who was invited.</param>
/// <param name="Email">The address that will sign in.</param>
/// <param name="Roles">What they will be.</param>
/// <param name="ExpiresAt">Until when the invitation can be used.</param>
public sealed record InvitationRow(OneTimeLinkId Id, string DisplayName, string Email, Roles Roles, DateTimeOffset ExpiresAt);

/// <summary>What became of a change to a person.</summary>
public abstract record PersonChange
{
    public sealed record Done : PersonChange;

    /// <summary>There is no such person in this organisation.</summary>
    public sealed record NotFound : PersonChange;

    /// <summary>Nobody would be left who can manage people.</summary>
    public sealed record LastAdministrator : PersonChange;

    /// <summary>Nobody disables themselves.</summary>
    public sealed record Oneself : PersonChange;
}
