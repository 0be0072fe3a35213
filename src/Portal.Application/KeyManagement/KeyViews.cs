using Portal.Application.Approvals;
using Portal.Application.KeyBroker;

namespace Portal.Application.KeyManagement;

public enum KeyStanding
{
    InUse,

    /// <summary>Another has its place; it is kept for what was meant for it.</summary>
    Replaced,

    /// <summary>Too much did not open with it: for an hour nothing is opened with it that nobody waits for.</summary>
    Resting,

    Disabled,
    Destroyed,
}

/// <param name="Id">The key.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Algorithm">Kind and size.</param>
/// <param name="Store">Who holds it.</param>
/// <param name="OwnerName">The person's; null for the organisation's own, empty for somebody who has left.</param>
/// <param name="OwnerAddress">As they sign in.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When a use was last asked for.</param>
/// <param name="UsesToday">Since midnight, UTC.</param>
/// <param name="Standing">What may be done with it.</param>
/// <param name="RestsUntil">While it rests.</param>
/// <param name="RefusedAt">When its store last said that it is gone or may not be used; null since it worked again.</param>
/// <param name="Refusal">In the store's words.</param>
public sealed record KeyRow(
    ManagedKeyId Id,
    KeyPurpose Purpose,
    string Algorithm,
    string Store,
    string? OwnerName,
    string? OwnerAddress,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    int UsesToday,
    KeyStanding Standing,
    DateTimeOffset? RestsUntil,
    DateTimeOffset? RefusedAt,
    string? Refusal);

/// <param name="Words">In the owner's name or address.</param>
/// <param name="Purpose">Only these.</param>
/// <param name="Standing">Only these; null leaves out what is destroyed.</param>
/// <param name="Store">Only those that it holds.</param>
public sealed record KeyFilter(string? Words = null, KeyPurpose? Purpose = null, KeyStanding? Standing = null, string? Store = null);

/// <param name="Rows">At most <see cref="KeyDesk.PageSize"/>.</param>
/// <param name="Total">That the filter lets through.</param>
public sealed record KeyRows(IReadOnlyList<KeyRow> Rows, int Total);

/// <param name="Id">The certificate.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="Address">Of its holder; null for an authority.</param>
/// <param name="NotBefore">Begin of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="IsRevoked">Whether it was taken back.</param>
/// <param name="IsValid">Whether somebody may rely on it now.</param>
public sealed record KeyCertificate(
    CertificateId Id, string SerialNumber, string? Address, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsRevoked, bool IsValid);

/// <summary>Why a key may not be destroyed.</summary>
public enum KeyObstacle
{
    /// <summary>No other has its place.</summary>
    InUse,

    /// <summary>Somebody may rely on a certificate that names it.</summary>
    NamedByCertificate,

    /// <summary>Mail has arrived that may be encrypted for it, and is not opened yet.</summary>
    UnopenedMail,

    /// <summary>It unwraps the organisation's data key.</summary>
    UnwrapsData,

    /// <summary>It signs a domain's mail, or waits to.</summary>
    SignsForDomain,

    /// <summary>Certificates hang on it.</summary>
    IsAuthority,
}

/// <summary>How a new key takes a key's place.</summary>
public enum KeyReplacement
{
    Here,

    /// <summary>Its record has to be published first.</summary>
    OnDomainPage,

    /// <summary>A new authority is needed.</summary>
    NotHere,

    /// <summary>The portal does it, long before its certificate ends.</summary>
    ByItself,

    /// <summary>It has been replaced, or is destroyed.</summary>
    Done,
}

/// <param name="Row">What the list shows.</param>
/// <param name="Fingerprint">SHA-256 of the public key, hexadecimal.</param>
/// <param name="Name">In its store.</param>
/// <param name="ReplacedAt">Since when another has its place.</param>
/// <param name="DisabledAt">Since when nobody may use it.</param>
/// <param name="DestroyedAt">Since when it is gone.</param>
/// <param name="Certificates">That name it, the newest first.</param>
/// <param name="Replacement">How a new key takes its place.</param>
/// <param name="Obstacles">To destroying it.</param>
/// <param name="UnopenedMail">Messages that may be encrypted for it.</param>
/// <param name="Destruction">What was asked for and waits for a second administrator, or for a day.</param>
public sealed record KeyDetails(
    KeyRow Row,
    string Fingerprint,
    string Name,
    DateTimeOffset? ReplacedAt,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? DestroyedAt,
    IReadOnlyList<KeyCertificate> Certificates,
    KeyReplacement Replacement,
    IReadOnlyList<KeyObstacle> Obstacles,
    int UnopenedMail,
    ApprovalView? Destruction);

/// <summary>How a store holds its keys, in the words of pages.</summary>
public enum KeyResidence
{
    Software,
    SoftwareSealedByOther,
    Token,
    Vault,

    /// <summary>Keys are said to be in it, and nothing of this name is configured.</summary>
    NotConfigured,
}

/// <param name="Name">As configured.</param>
/// <param name="Residence">How it holds its keys.</param>
/// <param name="SealedBy">The store whose key unwraps its master key.</param>
/// <param name="IsLeftAlone">It has not answered, and is not asked for some seconds.</param>
/// <param name="Asked">Calls of this node in the last hour, at most 1,000.</param>
/// <param name="Failed">Of these, those that it did not answer.</param>
/// <param name="Median">Of the answers.</param>
/// <param name="Slowest">95th percentile of the answers.</param>
/// <param name="LastFailure">In the store's words.</param>
/// <param name="LastFailureAt">When that was.</param>
/// <param name="Keys">Of this organisation, not destroyed.</param>
public sealed record KeyStoreView(
    string Name,
    KeyResidence Residence,
    string? SealedBy,
    bool IsLeftAlone,
    int Asked,
    int Failed,
    TimeSpan? Median,
    TimeSpan? Slowest,
    string? LastFailure,
    DateTimeOffset? LastFailureAt,
    int Keys);

/// <param name="Answers">Whether it did, just now.</param>
/// <param name="Took">Until it answered or was given up.</param>
/// <param name="Words">Its own, where it did not.</param>
public sealed record KeyStoreAnswer(bool Answers, TimeSpan Took, string? Words);
