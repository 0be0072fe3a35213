using Portal.Application.Setup;

namespace Portal.Web.Setup;

internal static class Words
{
    public static string Of(SetupProblem problem) => problem switch
    {
        SetupProblem.OrganisationMissing => SetUpTexts.OrganisationMissing,
        SetupProblem.DomainMalformed => SetUpTexts.DomainMalformed,
        SetupProblem.NameMissing => SetUpTexts.NameMissing,
        SetupProblem.AddressMalformed => SetUpTexts.AddressMalformed,
        SetupProblem.AddressOutsideDomain => SetUpTexts.AddressOutsideDomain,
        SetupProblem.PasswordTooShort => SetUpTexts.PasswordTooShort,
        SetupProblem.PasswordTooCommon => SetUpTexts.PasswordTooCommon,
    };
}
