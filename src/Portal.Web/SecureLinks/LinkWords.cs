using Portal.Application.SecureLinks;

namespace Portal.Web.SecureLinks;

internal static class LinkWords
{
    /// <summary>Null for what was done.</summary>
    public static string? Problem(LinkChange change) => change switch
    {
        LinkChange.Done => null,
        LinkChange.Recalled => LinkTexts.IsRecalled,
        LinkChange.NoSuchTime => LinkTexts.NoSuchTime,
        LinkChange.Expired => LinkTexts.IsExpired,
        LinkChange.NotYet => LinkTexts.NotYet,
        LinkChange.KeyUnavailable => LinkTexts.KeyAway,
        _ => LinkTexts.NotThere,
    };
}
