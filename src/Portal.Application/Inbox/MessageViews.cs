using Portal.Application.Mailboxes;
using Portal.Application.Outbox;
using Portal.Application.Policies;

namespace Portal.Application.Inbox;

/// <param name="Name">May be empty; without bidirectional controls, and without another address inside.</param>
/// <param name="Address">The addr-spec.</param>
public sealed record AddressView(string Name, string Address);

/// <param name="Address">Of the certificate; null when it has none.</param>
/// <param name="Name">Common name of the subject.</param>
/// <param name="Issuer">Common name of the issuer.</param>
/// <param name="SigningTime">What the signer claims.</param>
/// <param name="CertificateFrom">Begin of validity.</param>
/// <param name="CertificateUntil">End of validity.</param>
/// <param name="SerialNumber">Hexadecimal.</param>
/// <param name="Fingerprint">SHA-256, hexadecimal.</param>
/// <param name="Reasons">Names of SignerReason.</param>
public sealed record SignerView(
    string? Address,
    string? Name,
    string? Issuer,
    DateTimeOffset? SigningTime,
    DateTimeOffset? CertificateFrom,
    DateTimeOffset? CertificateUntil,
    string? SerialNumber,
    string? Fingerprint,
    IReadOnlyList<string> Reasons);

/// <param name="Verdict">On the signature.</param>
/// <param name="Encrypted">As it travelled.</param>
/// <param name="Reasons">Names of MessageReason.</param>
/// <param name="Signers">Of the innermost signed layer.</param>
/// <param name="Layers">From the outside in.</param>
/// <param name="Failure">Name of OpeningFailureKind.</param>
/// <param name="Header">What protects subject, sender and recipients.</param>
/// <param name="Steps">On the way to the verdict.</param>
/// <param name="RestsHere">It never travelled: whoever may read it comes here.</param>
/// <param name="WrittenHere">Somebody outside wrote it here: name of ReaderProof.</param>
public sealed record VerdictView(
    MessageVerdict Verdict,
    bool Encrypted,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<SignerView> Signers,
    IReadOnlyList<string> Layers,
    string? Failure,
    HeaderView Header,
    IReadOnlyList<StepView> Steps,
    bool RestsHere = false,
    string? WrittenHere = null);

/// <param name="Name">As written.</param>
/// <param name="State">Name of HeaderState.</param>
public sealed record FieldView(string Name, string State);

/// <param name="IsProtected">The message carries its header inside its protection.</param>
/// <param name="Fields">Those that people see, each once.</param>
/// <param name="Tampered">Names that were changed outside, on the way.</param>
/// <param name="HasOtherFromOutside">Outside, another sender is named.</param>
public sealed record HeaderView(bool IsProtected, IReadOnlyList<FieldView> Fields, IReadOnlyList<string> Tampered, bool HasOtherFromOutside)
{
    public static HeaderView None { get; } = new(false, [], [], false);
}

/// <param name="Kind">Name of OpeningStepKind.</param>
/// <param name="Outcome">Name of StepOutcome.</param>
/// <param name="Layer">From 1, the outermost; 0 for the message.</param>
/// <param name="Details">Names of reasons, failures and kinds, and algorithms.</param>
/// <param name="Subject">An address, where the step is about somebody.</param>
public sealed record StepView(string Kind, string Outcome, int Layer, IReadOnlyList<string> Details, string? Subject)
{
    /// <summary>Name of PathFailure, where no path to an authority holds.</summary>
    public string? PathFailure { get; init; }

    /// <summary>Whose certificate failed it or is revoked: the signer's, or an authority's above.</summary>
    public string? FailedCertificate { get; init; }
}

/// <param name="Index">In the order of the message.</param>
/// <param name="FileName">Safe to save under.</param>
/// <param name="MediaType">As the message says.</param>
/// <param name="Length">Bytes, decoded.</param>
/// <param name="Beside">How a file is called in addresses that travels beside the message; null for what is inside.</param>
public sealed record AttachmentView(int Index, string FileName, string MediaType, long Length, string? Beside = null);

/// <param name="Id">The message.</param>
/// <param name="Mailbox">Whose.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Subject">As displayed.</param>
/// <param name="From">Null when there is not exactly one.</param>
/// <param name="To">Visible recipients.</param>
/// <param name="Cc">Visible recipients.</param>
/// <param name="Bcc">Of own sent mail only.</param>
/// <param name="ReplyToWarning">The address, when answers would go to another domain.</param>
/// <param name="Date">As the sender claims.</param>
/// <param name="At">When it arrived or was sent.</param>
/// <param name="Verdict">Judged when it arrived.</param>
/// <param name="HasBody">There is something to show.</param>
/// <param name="RemoteContentBlocked">It refers to pictures elsewhere, which are not loaded.</param>
/// <param name="Attachments">Everything that is not shown.</param>
/// <param name="Deliveries">Of own sent mail.</param>
/// <param name="List">What allow and block lists said when it arrived.</param>
/// <param name="IsSent">Written here: its owner is its sender.</param>
public sealed record MessageView(
    StoredMessageId Id,
    MailboxId Mailbox,
    FolderKind Folder,
    string Subject,
    AddressView? From,
    IReadOnlyList<AddressView> To,
    IReadOnlyList<AddressView> Cc,
    IReadOnlyList<AddressView> Bcc,
    string? ReplyToWarning,
    DateTimeOffset? Date,
    DateTimeOffset At,
    VerdictView Verdict,
    bool HasBody,
    bool RemoteContentBlocked,
    IReadOnlyList<AttachmentView> Attachments,
    IReadOnlyList<DeliveryView> Deliveries,
    ListMark? List,
    bool IsSent);

public abstract record MessageOpening
{
    public sealed record Opened(MessageView Message) : MessageOpening;

    /// <summary>Arrived, and not opened by the portal yet.</summary>
    /// <param name="Reason">Null when it is simply its turn soon.</param>
    /// <param name="At">When it arrived.</param>
    public sealed record Waiting(WaitReason? Reason, DateTimeOffset At) : MessageOpening;

    /// <summary>Kept as it came; the verdict says why it cannot be shown.</summary>
    public sealed record Broken(VerdictView Verdict, DateTimeOffset At) : MessageOpening;

    /// <summary>The key store does not answer.</summary>
    public sealed record KeyUnavailable : MessageOpening;

    public sealed record NotFound : MessageOpening;
}

/// <param name="Html">A whole document for the sandboxed frame.</param>
public sealed record BodyDocument(string Html);
