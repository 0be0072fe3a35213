using Portal.Application.Accounts;

namespace Portal.Web.Accounts;

internal static class PasswordWords
{
    public static string Of(PasswordProblem problem) => problem switch
    {
        PasswordProblem.TooShort => AccountTexts.PasswordTooShort,
        PasswordProblem.TooCommon => AccountTexts.PasswordTooCommon,
    };
}
