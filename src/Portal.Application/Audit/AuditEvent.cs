using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Application.Audit;

public enum AuditAction
{
    SetUp,
    SignIn,
    SignInRefused,
    SignOut,
    KeyCreated,
    KeyUseRequested,
    KeyUseDenied,
    KeyUseFailed,
    KeyUsed,
    CertificateRequested,
    CertificateRequestWithdrawn,
    CertificateIssued,
    IssuanceStarted,
    IssuanceStopped,
    IssuanceContinued,
    AuthorityChosen,
    CertificateHarvested,
    PairImported,
    DirectoryChanged,
    DirectoryRemoved,
    RevocationListIssued,
    TrustAdded,
    TrustRemoved,
    TrustRefused,
    PolicyChanged,
    OutgoingRuleAdded,
    OutgoingRuleChanged,
    OutgoingRuleRemoved,
    ListEntryAdded,
    ListEntryRemoved,
    ListImported,
    ListExported,
    OrganisationRenamed,
    BrandChanged,
    LimitsChanged,
    DomainAdded,
    DomainProved,
    DomainProofWithdrawn,
    DomainRemoved,
    DomainSigningChanged,
    AccountCreated,
    AccountChanged,
    AccountDisabled,
    AccountEnabled,
    RolesChanged,
    PasswordChanged,
    NewPasswordLinkIssued,
    SecondFactorAdded,
    SecondFactorRemoved,
    PersonInvited,
    InvitationWithdrawn,
    ApprovalAsked,
    ApprovalGiven,
    ApprovalWithdrawn,
    PersonRemoved,
    CertificateRevoked,
    CertificateSuspended,
    CertificateResumed,
    KeyDestroyed,
    KeyExported,
    KeyReplaced,
    KeyDisabled,
    KeyEnabled,
    KeyResting,
    KeyStoresChosen,
    MailAccountChanged,
    MessageSent,
    SendScheduled,
    SendUnscheduled,
    DeliveryCompleted,
    DeliveryFailed,
    MessageReceived,
    MessageJudgedAgain,
    MessageOpened,
    MessageMoved,
    MessageDownloaded,
    AttachmentDownloaded,

    /// <summary>By the key that a message carries, of a file that travels beside it.</summary>
    LargeFileFetched,
    LargeFilesRecalled,
    LinkShared,
    LinkOpened,

    /// <summary>Who reads the mail of an address that several people read has said who they are.</summary>
    GroupReaderNamed,
    LinksRecalled,
    LinkExpiryChanged,
    LinkReminded,
    ReaderCodeSent,
    ReaderCodeRefused,
    ReaderCodeKilled,
    ReaderProved,
    ReaderLeft,
    ReaderChanged,
    ReaderClosed,
    ReaderWrote,
    PassPhraseRefused,
    PassPhraseTriesRenewed,
    ReaderProofsForgotten,
    ReaderDeviceRecognised,
    ReaderPasskeyAdded,
    ReaderPasskeyRemoved,
    ReaderPasskeyRefused,
    ReaderCertificateHandedIn,
    ReaderCertificateWithdrawn,
    DeliveryRetried,
    DeliveryHeld,
    DeliveryCancelled,
    AuditExported,
    BackupMade,
    Restored,
    Swept,
}

/// <summary>What happened, in ids and words of our own: never content, never an address from a message.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Action">What.</param>
/// <param name="Subject">The id of what it happened to.</param>
/// <param name="Detail">Further facts, ids and counts only.</param>
public sealed record AuditEvent(Actor Actor, AuditAction Action, Guid? Subject = null, IReadOnlyDictionary<string, string>? Detail = null)
{
    internal string ActorName => Actor switch
    {
        Actor.Person person => $"account:{person.Account}",
        Actor.Reader reader => $"reader:{reader.Id}",
        Actor.Portal portal => $"portal:{portal.Work}",
        _ => throw new InvalidOperationException("An actor is a person, a reader or the portal."),
    };

    internal string DetailJson => Detail is null ? "{}" : JsonSerializer.Serialize(Detail, AuditJson.Default.IReadOnlyDictionaryStringString);
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
