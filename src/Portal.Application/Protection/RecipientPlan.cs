using Portal.Application.Organisations;
using Portal.Application.Policies;
using Portal.Smime.Cms;
using Portal.Smime.Pkix;

namespace Portal.Application.Protection;

public enum RecipientField
{
    To,
    Cc,
    Bcc,
}

/// <summary>What will happen to a message on its way to one recipient.</summary>
public enum RecipientHandling
{
    /// <summary>AES in GCM, AuthEnvelopedData, for software that is known to read it.</summary>
    Encrypted,

    /// <summary>AES in CBC, EnvelopedData, because the recipient's software is unknown or reads nothing newer.</summary>
    EncryptedCompatible,

    /// <summary>Signed, and sealed here: they read it by a link.</summary>
    SecureLink,

    /// <summary>Signed, and readable by everybody on its way.</summary>
    SignedOnly,

    NoCertificate,

    CertificateUnusable,

    /// <summary>No mail address.</summary>
    Malformed,

    /// <summary>Neither signed nor encrypted, as its sender asked.</summary>
    NotProtected,

    /// <summary>A rule says that it is not sent there.</summary>
    RefusedByRule,

    /// <summary>A rule asks for encryption, and there is no usable certificate.</summary>
    EncryptionRequired,

    /// <summary>A rule asks for a signature or encryption, and the sender asked for neither.</summary>
    ProtectionRequired,

    /// <summary>A rule cannot be read, and might forbid it.</summary>
    RuleUnreadable,
}

/// <param name="Address">Whom to.</param>
/// <param name="Field">Where the sender put it.</param>
/// <param name="Handling">What will happen.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Inside">A mailbox of this portal.</param>
/// <param name="Certificate">Of whoever is encrypted for.</param>
/// <param name="Decision">What the organisation's rules say.</param>
internal sealed record PlannedRecipient(
    AddrSpec Address, RecipientField Field, RecipientHandling Handling, string? Detail, bool Inside, RecipientCertificate? Certificate, RuleDecision Decision)
{
    /// <summary>Of whoever is encrypted for.</summary>
    public RecipientAlgorithms? Algorithms { get; init; }

    public bool IsEncrypted => Handling is RecipientHandling.Encrypted or RecipientHandling.EncryptedCompatible;

    /// <summary>Nobody reads it on its way.</summary>
    public bool IsConfidential => IsEncrypted || Handling == RecipientHandling.SecureLink;

    public bool CannotBeEncrypted => Handling is RecipientHandling.NoCertificate or RecipientHandling.CertificateUnusable;

    /// <summary>Whatever its sender chooses.</summary>
    public bool IsForbidden => Handling
        is RecipientHandling.RefusedByRule or RecipientHandling.EncryptionRequired or RecipientHandling.ProtectionRequired or RecipientHandling.RuleUnreadable;

    /// <summary>How the organisation has its mail reach them.</summary>
    public PlannedRecipient By(OutsiderDelivery delivery)
    {
        var byLink = !Inside && delivery switch
        {
            OutsiderDelivery.CertificateThenLink => CannotBeEncrypted,
            OutsiderDelivery.Link => true,
            OutsiderDelivery.Certificate => false,
        };
        return byLink ? this with { Handling = RecipientHandling.SecureLink } : this;
    }

    /// <summary>The stricter of what its sender asked for, what can be done, and what rules demand.</summary>
    /// <param name="protect">The sender asked for a signature and encryption.</param>
    /// <param name="decision">What rules demand.</param>
    public PlannedRecipient Under(bool protect, RuleDecision decision)
    {
        var handling = decision switch
        {
            { IsUnreadable: true } => RecipientHandling.RuleUnreadable,
            { Demand: RuleAction.Refuse } => RecipientHandling.RefusedByRule,
            { Demand: RuleAction.Sign or RuleAction.Encrypt } when !protect => RecipientHandling.ProtectionRequired,
            { Demand: RuleAction.Encrypt } when CannotBeEncrypted => RecipientHandling.EncryptionRequired,
            _ => protect ? Handling : RecipientHandling.NotProtected,
        };
        var planned = this with { Handling = handling, Decision = decision };
        return planned.IsEncrypted ? planned : planned with { Certificate = null, Algorithms = null, Detail = protect ? Detail : null };
    }
}
