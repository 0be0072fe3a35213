using Portal.Application.Certificates;

namespace Portal.Application.KeyManagement;

/// <param name="Id">Its certificate.</param>
/// <param name="Kind">Root or issuing.</param>
/// <param name="Name">Its common name.</param>
/// <param name="Store">Where its key is.</param>
/// <param name="NotAfter">Until when it is valid; null while another authority has not signed.</param>
/// <param name="Condition">Whether it may be relied on.</param>
/// <param name="IsIssuing">People's certificates come from this one.</param>
/// <param name="IsBelowOther">Another organisation's authority signed it, or is asked to.</param>
/// <param name="People">Current certificates of people that it has issued.</param>
public sealed record AuthorityView(
    CertificateId Id, CertificateKind Kind, string Name, string Store, DateTimeOffset? NotAfter, CertificateCondition Condition, bool IsIssuing, bool IsBelowOther, int People);

public abstract record AuthorityChange
{
    public sealed record Done(CertificateId Authority) : AuthorityChange;

    /// <summary>There is none of this id of which this could be said.</summary>
    public sealed record NotPossible : AuthorityChange;

    /// <summary>A name of 1 to 64 characters is needed, and a store that is configured.</summary>
    public sealed record Refused : AuthorityChange;

    /// <param name="Words">The store's.</param>
    public sealed record StoreAway(string Words) : AuthorityChange;
}

/// <summary>What is wrong with an answer of another authority.</summary>
public enum AuthorityAnswer
{
    Taken,

    /// <summary>No request waits under this id.</summary>
    NotWaiting,

    /// <summary>No certificate in PEM, DER or PKCS #7.</summary>
    NoCertificate,

    /// <summary>None in the file is for the key that the request was made with.</summary>
    OtherKey,

    /// <summary>It may not issue certificates or sign revocation lists.</summary>
    NotAnAuthority,

    /// <summary>The authorities above it are missing in the file, or do not fit.</summary>
    NoPath,

    /// <summary>Somebody on the path may not vouch for mail, or not for authorities below.</summary>
    NotForMail,

    NotValidNow,
}
