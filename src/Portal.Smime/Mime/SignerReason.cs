namespace Portal.Smime.Mime;

/// <summary>What stands against one signer. The first group makes the signature invalid, the second leaves it untrusted.</summary>
public enum SignerReason
{
    // Invalid: the bytes do not prove what they claim, or we cannot compute it.

    /// <summary>The signature does not verify with the certificate's key.</summary>
    SignatureBroken,

    /// <summary>The message-digest attribute is not the content's digest.</summary>
    DigestMismatch,

    /// <summary>A mandatory signed attribute is missing, doubled or malformed (RFC 5652 §5.3, §11).</summary>
    SignedAttributesMalformed,

    /// <summary>The content-type attribute names another type than the content's (RFC 5652 §11.1).</summary>
    ContentTypeMismatch,

    /// <summary>Without signed attributes, content that could itself be signed attributes; or a signature over content of its own beside the one that is shown.</summary>
    ContentAmbiguous,

    /// <summary>SigningCertificate or SigningCertificateV2 names another certificate (RFC 5035 §5).</summary>
    SigningCertificateMismatch,

    /// <summary>A digest, signature or key that we do not compute, MD5 among them.</summary>
    UnsupportedAlgorithm,

    /// <summary>More signers and certificates than are tried.</summary>
    TooComplex,

    /// <summary>Neither the message nor our store has the certificate.</summary>
    CertificateMissing,

    // Untrusted: mathematically right, by someone whom we do not accept.

    /// <summary>SHA-1: whoever can make two texts with one digest can move the signature from one to the other.</summary>
    WeakDigest,

    /// <summary>DSA, RSA below 2048 bits or with a small exponent, or a curve that is not P-256, P-384, P-521.</summary>
    WeakKey,

    /// <summary>No path to a trust anchor.</summary>
    UnknownAuthority,

    /// <summary>A path, but RFC 5280 §6 refuses it: constraints, usage, signature, weak algorithm.</summary>
    PathInvalid,

    /// <summary>The certificate, or one above it, had expired when the message arrived.</summary>
    Expired,

    /// <summary>The certificate, or one above it, was not valid yet when the message arrived.</summary>
    NotYetValid,

    Revoked,

    /// <summary>The anchor requires it, and neither a fresh revocation list nor an OCSP response speaks of the certificate.</summary>
    RevocationUnknown,

    /// <summary>None of the certificate's addresses is the one in From.</summary>
    AddressMismatch,

    /// <summary>Extended key usage does not include emailProtection.</summary>
    WrongExtendedKeyUsage,

    /// <summary>The certificate does not say what it is for, and the policy denies such.</summary>
    UnrestrictedCertificate,

    /// <summary>Key usage has neither digitalSignature nor nonRepudiation.</summary>
    WrongKeyUsage,

    /// <summary>A certificate authority's own certificate signs no mail.</summary>
    AuthorityCertificate,

    /// <summary>Neither signed attributes nor anything else says when it was signed.</summary>
    SigningTimeMissing,

    /// <summary>More than 24 hours from the Date field, or after receipt.</summary>
    SigningTimeImplausible,

    /// <summary>Outside the certificate's validity.</summary>
    SigningTimeOutsideValidity,
}

/// <summary>What stands against the message as a whole.</summary>
public enum MessageReason
{
    /// <summary>A signed layer without any signer.</summary>
    NoSigner,

    /// <summary>multipart/signed whose SignedData carries content of its own.</summary>
    ContentInDetachedSignature,

    /// <summary>The signed layer could not be read.</summary>
    SignatureUnreadable,

    /// <summary>An outer signature is broken, though an inner one may be right.</summary>
    OuterSignatureBroken,

    /// <summary>The signature covers ciphertext only; whoever made it need not have known the content.</summary>
    SignsCiphertextOnly,

    /// <summary>What the signature covers could not be opened to the end: nothing is shown that it could vouch for.</summary>
    ContentNotOpened,

    /// <summary>From is missing, doubled, a group, a list or malformed.</summary>
    FromNotSingle,

    /// <summary>Date is doubled or malformed, so the signing time cannot be compared.</summary>
    DateNotSingle,

    /// <summary>A line of the header is no header field.</summary>
    HeaderMalformed,
}
