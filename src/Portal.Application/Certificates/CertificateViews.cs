using Portal.Application.Audit;
using Portal.Application.KeyBroker;

namespace Portal.Application.Certificates;

/// <summary>What may be relied on, for pages.</summary>
public enum CertificateCondition
{
    Good,

    /// <summary>Taken back for a while.</summary>
    Suspended,

    Revoked,
    Expired,

    /// <summary>On record, and not signed.</summary>
    Unfinished,

    /// <summary>Another authority has been asked for it.</summary>
    Requested,
}

/// <param name="Words">In the address, the holder's or the issuer's name, or at the begin of the serial number.</param>
/// <param name="Kind">Only these.</param>
/// <param name="Condition">Only these.</param>
/// <param name="IssuerId">Only what this authority of ours has issued.</param>
public sealed record CertificateFilter(string? Words = null, CertificateKind? Kind = null, CertificateCondition? Condition = null, CertificateId? IssuerId = null);

/// <summary>The last row of a page: the next one begins behind it.</summary>
public sealed record CertificateCursor(DateTimeOffset CreatedAt, CertificateId Id);

/// <param name="Id">The certificate.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Holder">A person's name; null for an authority's and a correspondent's, empty for somebody who has left.</param>
/// <param name="Name">Its subject's common name; null where it has none, or is not signed.</param>
/// <param name="Address">Of its holder; null for an authority.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="NotBefore">Begin of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Condition">Whether it may be relied on.</param>
public sealed record CertificateRow(
    CertificateId Id,
    CertificateKind Kind,
    string? Holder,
    string? Name,
    string? Address,
    string SerialNumber,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    CertificateCondition Condition);

/// <param name="Rows">At most <see cref="CertificateDesk.PageSize"/>, the newest first.</param>
/// <param name="Next">Null when there are no more.</param>
public sealed record CertificateRows(IReadOnlyList<CertificateRow> Rows, CertificateCursor? Next);

/// <param name="Id">Of ours; null for one that is not on record.</param>
/// <param name="Name">Its subject.</param>
public sealed record CertificateLink(CertificateId? Id, string Name);

/// <param name="At">When.</param>
/// <param name="Who">A person's name; null for the portal.</param>
/// <param name="Action">What.</param>
public sealed record CertificateEvent(DateTimeOffset At, string? Who, AuditAction Action);

/// <param name="Row">What the list shows.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal; null for what is not signed.</param>
/// <param name="Algorithm">Of its key.</param>
/// <param name="Subject">Distinguished name.</param>
/// <param name="Chain">From its issuer up to the root.</param>
/// <param name="Key">Of its private key here; null where somebody else has it.</param>
/// <param name="IsOfOthers">An authority that is not ours signed it: no list of ours names it.</param>
/// <param name="Addresses">That it names: lists, responders, its issuer's certificate.</param>
/// <param name="ChangedAt">When it was revoked or suspended.</param>
/// <param name="Cause">Why it was revoked.</param>
/// <param name="Uses">What it has protected.</param>
/// <param name="History">The newest first.</param>
/// <param name="Encoded">DER; null for what is not signed.</param>
public sealed record CertificateDetails(
    CertificateRow Row,
    string? Fingerprint,
    string? Algorithm,
    string? Subject,
    IReadOnlyList<CertificateLink> Chain,
    ManagedKeyId? Key,
    bool IsOfOthers,
    IReadOnlyList<string> Addresses,
    DateTimeOffset? ChangedAt,
    RevocationCause? Cause,
    CertificateUse Uses,
    IReadOnlyList<CertificateEvent> History,
    byte[]? Encoded);

/// <summary>Messages that a certificate has protected; of our own people's what they signed and opened, of others' what came signed and went out encrypted.</summary>
/// <param name="MessagesSigned">How many it signed.</param>
/// <param name="MessagesEncrypted">How many were encrypted for it.</param>
/// <param name="First">The first of them; null where there was none.</param>
/// <param name="Last">The last of them.</param>
public sealed record CertificateUse(int MessagesSigned, int MessagesEncrypted, DateTimeOffset? First, DateTimeOffset? Last);

/// <summary>What an administrator should look at.</summary>
/// <param name="Ending">People's, within 60 days, that are not renewed by themselves.</param>
/// <param name="Uncertified">People whose certificate to sign or to open counts no more.</param>
/// <param name="Suspended">How many.</param>
/// <param name="Revoked">People's, in the last 30 days.</param>
/// <param name="Harvested">Correspondents', out of signed mail in the last 30 days.</param>
/// <param name="Unfinished">For more than an hour.</param>
/// <param name="EndingAuthorities">Within two years: what they issue ends with them.</param>
/// <param name="IsPublished">Whether certificates say where their revocation is to be looked up.</param>
public sealed record CertificateAttention(int Ending, int Uncertified, int Suspended, int Revoked, int Harvested, int Unfinished, int EndingAuthorities, bool IsPublished);
