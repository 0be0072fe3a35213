using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime;
using Portal.Smime.Mime;
using Portal.Smime.Pkix;

namespace Portal.Cli.Smime;

internal sealed record CertificateReport(
    string Subject,
    string Issuer,
    string SerialNumber,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IReadOnlyList<string> Addresses,
    string Key,
    string Sha256)
{
    public static CertificateReport Of(X509Certificate2 certificate) => new(
        certificate.Subject,
        certificate.Issuer,
        certificate.SerialNumber,
        certificate.NotBefore.ToUniversalTime(),
        certificate.NotAfter.ToUniversalTime(),
        MailAddresses.Of(certificate).Select(address => address.ToString()).ToList(),
        AlgorithmNames.Of(certificate.PublicKey.Oid.Value ?? string.Empty),
        certificate.GetCertHashString(HashAlgorithmName.SHA256));
}

/// <param name="Layer">From 1, the outermost.</param>
/// <param name="State">valid, untrusted or invalid.</param>
/// <param name="Reason">The first of <paramref name="Reasons"/>; null for a valid one.</param>
/// <param name="Reasons">Everything that stands against it.</param>
/// <param name="Address">The certificate's address that is in From, else its first.</param>
/// <param name="SigningTime">As claimed.</param>
/// <param name="Certificate">Null when the message does not carry it.</param>
/// <param name="Revocation">not-published, good, revoked or unknown.</param>
/// <param name="Capabilities">What the signer's software says that it can read.</param>
/// <param name="Label">As this signature bears it, whatever the others say.</param>
/// <param name="ReceiptRequest">As this signature asks, whatever the others say.</param>
/// <param name="UnreadableAttributes">Of the enhanced security services: there, and not to be relied on.</param>
internal sealed record SignatureReport(
    int Layer,
    string State,
    string? Reason,
    IReadOnlyList<string> Reasons,
    string? Address,
    DateTimeOffset? SigningTime,
    CertificateReport? Certificate,
    string Revocation,
    IReadOnlyList<AlgorithmReport> Capabilities,
    LabelReport? Label,
    ReceiptRequestReport? ReceiptRequest,
    IReadOnlyList<string> UnreadableAttributes)
{
    public static SignatureReport Of(SignerSummary signer, int layer, bool revocationRequired)
    {
        var reasons = signer.Reasons.Select(Kebab.Of).ToList();
        return new SignatureReport(
            layer,
            Kebab.Of(signer.State),
            reasons.FirstOrDefault(),
            reasons,
            signer.Address?.ToString(),
            signer.SigningTime,
            signer.Certificate is { } certificate ? CertificateReport.Of(certificate) : null,
            signer.Reasons.Contains(SignerReason.Revoked) ? "revoked" : !revocationRequired ? "not-published" : signer.State == SignerState.Valid ? "good" : "unknown",
            signer.Capabilities.Select(AlgorithmReport.OfCapability).ToList(),
            signer.Services.SecurityLabel is { } label ? LabelReport.Of(label) : null,
            signer.Services.ReceiptRequest is { } request ? ReceiptRequestReport.Of(request) : null,
            signer.Services.Unreadable);
    }
}
