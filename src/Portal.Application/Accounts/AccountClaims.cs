using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Portal.Application.Accounts;

/// <summary>What a session's cookie says of its person: ids, name, roles and how they like their pages.</summary>
internal sealed class AccountClaims(UserManager<Account> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account>(users, options)
{
    public const string Organisation = "portal:organisation";
    public const string Session = "portal:session";
    public const string DisplayName = "portal:display-name";
    public const string Language = "portal:language";
    public const string TimeZone = "portal:time-zone";

    /// <returns>Null for anybody but one of our people.</returns>
    public static Actor.Person? ActorOf(ClaimsPrincipal principal)
    {
        var isPerson = principal.Identity?.IsAuthenticated == true
            & Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var account)
            & Guid.TryParse(principal.FindFirstValue(Organisation), out var organisation)
            & Guid.TryParse(principal.FindFirstValue(Session), out var session);
        return isPerson ? new Actor.Person(new OrganisationId(organisation), new AccountId(account), RolesOf(principal), new SessionId(session)) : null;
    }

    /// <summary>Whether the cookie still says what is true.</summary>
    public static bool AreThoseOf(ClaimsPrincipal principal, Account account) =>
        RolesOf(principal) == account.Roles
        && principal.FindFirstValue(DisplayName) == account.DisplayName
        && principal.FindFirstValue(Language) == account.Language
        && principal.FindFirstValue(TimeZone) == account.TimeZone;

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Organisation, user.OrganisationId.ToString()));
        identity.AddClaim(new Claim(DisplayName, user.DisplayName));
        Add(identity, Language, user.Language);
        Add(identity, TimeZone, user.TimeZone);
        foreach (var role in Enum.GetValues<Roles>().Where(role => role != Roles.None && user.Roles.HasFlag(role)))
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role.ToString()));
        }

        return identity;
    }

    private static Roles RolesOf(ClaimsPrincipal principal) => principal.FindAll(ClaimTypes.Role)
        .Select(claim => Enum.TryParse<Roles>(claim.Value, out var role) ? role : Roles.None)
        .Aggregate(Roles.None, (all, role) => all | role);

    private static void Add(ClaimsIdentity identity, string type, string? value)
    {
        if (value is not null)
        {
            identity.AddClaim(new Claim(type, value));
        }
    }
}
