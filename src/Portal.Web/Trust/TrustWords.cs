using Portal.Application;
using Portal.Application.Trust;
using Portal.Web.Shell;

namespace Portal.Web.Trust;

/// <summary>Trust in words.</summary>
internal static class TrustWords
{
    public static string Standing(AuthorityStanding standing) => standing switch
    {
        AuthorityStanding.Waiting => TrustTexts.StandingWaiting,
        AuthorityStanding.Trusted => TrustTexts.StandingTrusted,
        AuthorityStanding.Refused => TrustTexts.StandingRefused,
    };

    public static string About(ForeignAuthorityView authority) => authority.Standing switch
    {
        AuthorityStanding.Waiting => TrustTexts.SeenFrom.With(authority.Seen, authority.SenderDomain ?? TrustTexts.Somewhere),
        AuthorityStanding.Trusted => string.Join(" · ", Parts(authority.Terms)),
        AuthorityStanding.Refused => authority.Subject,
    };

    public static string Beside(ForeignAuthorityView authority, BrowserTime time) => authority.Standing == AuthorityStanding.Waiting
        ? TrustTexts.Last.With(time.Day(authority.LastSeenAt))
        : TrustTexts.Until.With(time.Day(authority.NotAfter));

    public static string Wrong(TrustAdding outcome) => outcome switch
    {
        TrustAdding.NoAuthority => TrustTexts.NoAuthority,
        TrustAdding.WrongDomains => TrustTexts.WrongDomains,
        TrustAdding.OwnAuthority => TrustTexts.OwnAuthority,
        _ => TrustTexts.NoCertificate,
    };

    private static IEnumerable<string> Parts(TrustTerms terms)
    {
        yield return terms.Purpose switch
        {
            TrustPurpose.Signatures => TrustTexts.Signatures,
            TrustPurpose.Encryption => TrustTexts.Encryption,
            _ => TrustTexts.Both,
        };
        yield return terms.RevocationRequired ? TrustTexts.Required : TrustTexts.NotPublished;
        if (terms.Domains.Count > 0)
        {
            yield return TrustTexts.Only.With(string.Join(", ", terms.Domains));
        }
    }
}
