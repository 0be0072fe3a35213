using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Ess;
using Portal.Smime.Pkix;

namespace Portal.Smime.Mime;

/// <summary>The one verdict on a message's signature (RFC 9787 §4). Anything but <see cref="SignedValid"/> is shown as unsigned.</summary>
public enum Verdict
{
    /// <summary>No signed layer in the cryptographic envelope.</summary>
    None,

    /// <summary>At least one signer, every one right, trusted, and the one in From.</summary>
    SignedValid,

    /// <summary>The signature is mathematically right, but its signer is not acceptable.</summary>
    SignedUntrusted,

    /// <summary>The signature does not fit the bytes, or cannot be checked at all.</summary>
    SignedInvalid,
}

/// <param name="Verdict">On the innermost signed layer; a broken outer one makes it invalid.</param>
/// <param name="Encrypted">At least one layer is encrypted, whether we could open it or not.</param>
/// <param name="Signers">Of the innermost signed layer.</param>
/// <param name="Reasons">What stands against the message as a whole; each signer has further reasons.</param>
/// <param name="From">The address that signers were compared with; null when there was not exactly one.</param>
public sealed record CryptographicSummary(
    Verdict Verdict,
    bool Encrypted,
    IReadOnlyList<SignerSummary> Signers,
    IReadOnlyList<MessageReason> Reasons,
    AddrSpec? From)
{
    /// <summary>What the signatures ask for and say, all of them together; worth what <see cref="Verdict"/> is.</summary>
    public MessageServices Services { get; init; } = MessageServices.None;
}

public enum SignerState
{
    Valid,
    Untrusted,
    Invalid,
}

/// <param name="Certificate">Null when the message does not carry it.</param>
/// <param name="Address">The certificate's address that is in From, else its first one.</param>
/// <param name="SigningTime">What the signer claims; shown, never used to judge validity.</param>
/// <param name="State">Valid only without any reason.</param>
/// <param name="Reasons">Each once.</param>
/// <param name="Capabilities">The signer's sMIMECapabilities, best first, as <see cref="Cms.SmimeCapabilities.Read"/> gives them (RFC 8551 §2.5.2).</param>
/// <param name="EncryptionCertificate">Which certificate answers should use (RFC 8551 §2.5.3), when the message carries it.</param>
public sealed record SignerSummary(
    X509Certificate2? Certificate,
    AddrSpec? Address,
    DateTimeOffset? SigningTime,
    SignerState State,
    IReadOnlyList<SignerReason> Reasons,
    IReadOnlyList<string> Capabilities,
    X509Certificate2? EncryptionCertificate)
{
    /// <summary>From the certificate to an anchor, or what it failed on; null when the signature is broken and nobody looked for one.</summary>
    public PathValidation? Path { get; init; }

    /// <summary>Receipt request, label and the like, as signed by this one.</summary>
    public EnhancedServices Services { get; init; } = EnhancedServices.None;

    /// <summary>What a receipt for this signature would confirm; null without signed attributes.</summary>
    public OriginatorSignature? OriginatorSignature { get; init; }

    /// <summary>In a receipt: the digest of the signed attributes that the reader verified (RFC 2634 §2.5).</summary>
    public ReadOnlyMemory<byte>? MessageSignatureDigest { get; init; }
}
