using Portal.Application.Setup;

namespace Portal.Web.Setup;

internal static class Words
{
    public const string PasswordRule = "At least 12 characters. A few unrelated words are better than symbols.";

    public static string Of(SetupProblem problem) => problem switch
    {
        SetupProblem.OrganisationMissing => "The organisation needs a name.",
        SetupProblem.DomainMalformed => "The mail domain is what stands after the @, such as example.org.",
        SetupProblem.NameMissing => "Tell us your name; recipients see it.",
        SetupProblem.AddressMalformed => "Your e-mail address is not complete.",
        SetupProblem.AddressOutsideDomain => "Your e-mail address must be in the mail domain above.",
        SetupProblem.PasswordTooShort => "The password is too short. " + PasswordRule,
        SetupProblem.PasswordTooCommon => "The password is too easy to guess: common words, rows of keys, years and your own name are tried first.",
    };
}
