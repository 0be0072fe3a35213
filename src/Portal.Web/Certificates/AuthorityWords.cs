using Portal.Application.KeyManagement;

namespace Portal.Web.Certificates;

/// <summary>What another authority answered, in words.</summary>
internal static class AuthorityWords
{
    public static string Of(AuthorityAnswer answer) => answer switch
    {
        AuthorityAnswer.Taken => AuthorityTexts.Taken,
        AuthorityAnswer.NotWaiting => AuthorityTexts.NotPossible,
        AuthorityAnswer.NoCertificate => AuthorityTexts.NoCertificate,
        AuthorityAnswer.OtherKey => AuthorityTexts.OtherKey,
        AuthorityAnswer.NotAnAuthority => AuthorityTexts.NotAnAuthority,
        AuthorityAnswer.NoPath => AuthorityTexts.NoPath,
        AuthorityAnswer.NotForMail => AuthorityTexts.NotForMail,
        AuthorityAnswer.NotValidNow => AuthorityTexts.NotValidNow,
    };
}
