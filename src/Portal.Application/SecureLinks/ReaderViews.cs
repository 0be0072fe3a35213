using Portal.Application.Brands;
using Portal.Application.Inbox;

namespace Portal.Application.SecureLinks;

/// <summary>What a link is worth to whoever holds it and has proved nothing yet.</summary>
public abstract record LinkLook
{
    /// <param name="Id">The link.</param>
    /// <param name="Sender">As they call themselves.</param>
    /// <param name="SenderAddress">Their mailbox.</param>
    /// <param name="Organisation">Where it rests.</param>
    /// <param name="Masked">Where a code goes to, told to whoever knows it anyway.</param>
    /// <param name="ExpiresAt">Until when it can be read.</param>
    /// <param name="IsRecognised">No code is needed in this browser.</param>
    /// <param name="DeviceDays">How long it could be recognised from now on; 0 for not at all.</param>
    /// <param name="HasApp">Its reader has set up an authenticator app.</param>
    /// <param name="HasPasskey">Its reader has one, at this address of the portal or another.</param>
    /// <param name="IsGroup">Several people read the address: each says who they are.</param>
    /// <param name="OpensOnce">And not again after they have left.</param>
    /// <param name="AsksOwnProof">Their passkey or app opens it, and no code.</param>
    public sealed record Open(SecureLinkId Id, string Sender, string SenderAddress, string Organisation, string Masked, DateTimeOffset ExpiresAt, bool IsRecognised, int DeviceDays, bool HasApp, bool HasPasskey, bool IsGroup, bool OpensOnce, bool AsksOwnProof) : LinkLook;

    public sealed record Expired(string Sender, DateTimeOffset At) : LinkLook;

    /// <summary>Its sender has taken it back.</summary>
    /// <param name="Sender">Who took it back; null for what a reader wrote, which goes with the conversation that it belongs to.</param>
    public sealed record Recalled(string? Sender) : LinkLook;

    /// <summary>It opened once, and does not again.</summary>
    public sealed record Spent(string Sender) : LinkLook;

    /// <summary>Its reader has ended their access.</summary>
    public sealed record Ended(string Sender) : LinkLook;

    public sealed record Unknown : LinkLook;

    public sealed record KeyUnavailable : LinkLook;
}

/// <param name="Look">What the link is worth.</param>
/// <param name="Brand">In whose look; null for a link that is none.</param>
public sealed record LinkLanding(LinkLook Look, BrandView? Brand);

public abstract record CodeSending
{
    public sealed record Sent : CodeSending;

    /// <summary>Too many of late.</summary>
    public sealed record TooMany(DateTimeOffset NextAt) : CodeSending;

    /// <summary>The link opens nothing any more.</summary>
    public sealed record Closed : CodeSending;

    public sealed record KeyUnavailable : CodeSending;
}

public abstract record CodeEntry
{
    /// <param name="Reader">Their new session; its token is for the browser's cookie, and kept nowhere else.</param>
    /// <param name="Link">What they came for.</param>
    public sealed record Proved(SignedInReader Reader, SecureLinkId Link) : CodeEntry;

    /// <summary>It can be tried again.</summary>
    public sealed record Wrong(int TriesLeft) : CodeEntry;

    /// <summary>Used, too old, tried too often, or none was sent: a new one is needed.</summary>
    public sealed record Dead : CodeEntry;

    public sealed record Closed : CodeEntry;

    public sealed record KeyUnavailable : CodeEntry;
}

/// <param name="Id">Of their link.</param>
/// <param name="Subject">As the sender wrote it.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">All recipients that everybody may know of.</param>
/// <param name="Cc">Likewise.</param>
/// <param name="Date">As the message says.</param>
/// <param name="ExpiresAt">Until when it can be read.</param>
/// <param name="Verdict">On its signature.</param>
/// <param name="HasBody">There is something to show.</param>
/// <param name="Lines">How long it is, about; null where that cannot be said.</param>
/// <param name="Attachments">To be downloaded.</param>
/// <param name="Proof">By what the reader showed who they are.</param>
/// <param name="GivesOriginal">It can be had as it was signed.</param>
/// <param name="MayDownload">Files of it can be had.</param>
/// <param name="OpensOnce">Not again after they have left.</param>
public sealed record LinkedMessageView(
    SecureLinkId Id,
    string Subject,
    AddressView? From,
    IReadOnlyList<AddressView> To,
    IReadOnlyList<AddressView> Cc,
    DateTimeOffset? Date,
    DateTimeOffset ExpiresAt,
    VerdictView Verdict,
    bool HasBody,
    int? Lines,
    IReadOnlyList<AttachmentView> Attachments,
    ReaderProof Proof,
    bool GivesOriginal,
    bool MayDownload,
    bool OpensOnce);

/// <summary>What a link opens for a reader who has proved who they are.</summary>
public abstract record LinkAccess
{
    public sealed record Granted(LinkedMessageView Message) : LinkAccess;

    /// <summary>Not in this session yet: that takes a deed of theirs, which is on record.</summary>
    /// <param name="Sender">As they call themselves.</param>
    /// <param name="SentAt">When.</param>
    /// <param name="PhraseTriesLeft">It asks for a phrase, and this often it may be wrong; 0: until its sender lets them try again. Null: it asks for none.</param>
    /// <param name="OpensOnce">And not again after they have left.</param>
    public sealed record NotOpened(string Sender, DateTimeOffset SentAt, int? PhraseTriesLeft, bool OpensOnce) : LinkAccess;

    /// <summary>It asks for the passkey or the app that they have, and they came without.</summary>
    /// <param name="Sender">As they call themselves.</param>
    public sealed record NeedsProof(string Sender) : LinkAccess;

    /// <summary>Several people read the address: each says who they are.</summary>
    /// <param name="Sender">As they call themselves.</param>
    /// <param name="Address">That of the group.</param>
    public sealed record NeedsPerson(string Sender, string Address) : LinkAccess;

    /// <summary>It opened once, in another session.</summary>
    public sealed record Spent : LinkAccess;

    public sealed record Expired(DateTimeOffset At) : LinkAccess;

    /// <param name="IsOwn">Their own words, which were closed with what they answer.</param>
    /// <param name="IsWhole">A reader wrote it: it goes with the conversation that it belongs to.</param>
    public sealed record Recalled(bool IsOwn, bool IsWhole) : LinkAccess;

    /// <summary>Or another's: one answer.</summary>
    public sealed record NotFound : LinkAccess;

    public sealed record KeyUnavailable : LinkAccess;
}
