using Portal.Smime.Cms;

namespace Portal.Smime.Mime;

public enum LayerKind
{
    /// <summary>multipart/signed (RFC 8551 §3.5.3).</summary>
    ClearSigned,

    /// <summary>application/pkcs7-mime; smime-type=signed-data (RFC 8551 §3.5.2).</summary>
    OpaqueSigned,

    /// <summary>application/pkcs7-mime; smime-type=signed-receipt (RFC 2634 §2.5): there is a receipt and no payload to show.</summary>
    SignedReceipt,

    /// <summary>Certificates without content or signer (RFC 8551 §3.8).</summary>
    CertificatesOnly,

    Enveloped,
    AuthEnveloped,

    /// <summary>CompressedData (RFC 3274): protects nothing.</summary>
    Compressed,

    /// <summary>id-data in a ContentInfo: protects nothing.</summary>
    Data,

    /// <summary>A CMS content type that is none of these, or one too broken to tell.</summary>
    Other,
}

/// <summary>One layer of the cryptographic envelope (RFC 9787 §3.1), from the outside in.</summary>
/// <param name="Kind">What the bytes say, not what the header claims.</param>
/// <param name="Algorithm">Object identifier of content encryption, or of the CMS content type where that is all we know.</param>
/// <param name="Recipients">Of an encrypted layer.</param>
/// <param name="Signers">Of a signed layer.</param>
/// <param name="Failure">Why nothing further inside could be opened.</param>
public sealed record CryptographicLayer(
    LayerKind Kind,
    string? Algorithm,
    IReadOnlyList<Recipient> Recipients,
    IReadOnlyList<SignerSummary> Signers,
    OpeningFailure? Failure)
{
    /// <summary>Whoever changes the ciphertext is found out (AuthEnvelopedData). Without this, what was decrypted may have been put together by others (threat: EFAIL).</summary>
    public bool IsAuthenticated => Kind == LayerKind.AuthEnveloped;

    /// <summary>Encrypted so that it can be broken today: by an old cipher, or for somebody whose RSA key is too short.</summary>
    public bool IsWeak { get; init; }
}

/// <summary>A cryptographic part that is not a layer of the envelope (RFC 9787 §3.4): left alone, and to be shown as any attachment.</summary>
/// <param name="MediaType">Lower case, for example multipart/signed.</param>
/// <param name="Depth">Multiparts and messages around it.</param>
public sealed record ErrantLayer(string MediaType, int Depth);
