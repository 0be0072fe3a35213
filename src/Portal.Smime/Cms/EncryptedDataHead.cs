using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Everything of an EnvelopedData or AuthEnvelopedData that stands before the ciphertext (RFC 5652 §6.1, RFC 5083 §2.1).</summary>
/// <param name="Recipients">As many as the sender named.</param>
/// <param name="ContentType">Of the plaintext.</param>
/// <param name="AlgorithmIdentifier">As received.</param>
/// <param name="Algorithm">Null when we cannot decrypt this.</param>
internal sealed record EncryptedDataHead(
    IReadOnlyList<RecipientInfo> Recipients,
    string ContentType,
    AlgorithmIdentifier AlgorithmIdentifier,
    ContentEncryptionAlgorithm? Algorithm);
