using Portal.Application.Accounts;
using Portal.Web.Shell;

namespace Portal.Web.Accounts;

/// <summary>Which page follows a step of signing in.</summary>
internal static class AfterSignIn
{
    public static string Next(SignInOutcome outcome, string? returnUrl) => outcome switch
    {
        SignInOutcome.SignedIn => LocalUrl.OrHome(returnUrl),
        SignInOutcome.SecondFactorNeeded => $"/sign-in/confirm{Query(returnUrl)}",
        SignInOutcome.SecondFactorMissing => $"/sign-in/second-factor{Query(returnUrl)}",
        _ => "/sign-in?again=true",
    };

    private static string Query(string? returnUrl) =>
        LocalUrl.OrHome(returnUrl) is var url && url == LocalUrl.Home ? string.Empty : $"?returnUrl={Uri.EscapeDataString(url)}";
}
