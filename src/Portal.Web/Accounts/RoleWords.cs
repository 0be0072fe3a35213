using Portal.Application;

namespace Portal.Web.Accounts;

internal static class RoleWords
{
    /// <summary>Those that are given and taken, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<Roles> All = [Roles.User, Roles.Administrator, Roles.CertificateManager, Roles.Auditor];

    public static string Of(Roles roles) => roles == Roles.None ? AccountTexts.RoleNone : string.Join(", ", All.Where(role => roles.HasFlag(role)).Select(Name));

    public static string Name(Roles role) => role switch
    {
        Roles.User => AccountTexts.RoleUser,
        Roles.Administrator => AccountTexts.RoleAdministrator,
        Roles.CertificateManager => AccountTexts.RoleCertificateManager,
        Roles.Auditor => AccountTexts.RoleAuditor,
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static string Explanation(Roles role) => role switch
    {
        Roles.User => AccountTexts.RoleUserMay,
        Roles.Administrator => AccountTexts.RoleAdministratorMay,
        Roles.CertificateManager => AccountTexts.RoleCertificateManagerMay,
        Roles.Auditor => AccountTexts.RoleAuditorMay,
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
