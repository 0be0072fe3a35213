using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime;
using Portal.Smime.Cms;
using Portal.Smime.Mime;

namespace Portal.Cli.Smime;

internal sealed record AlgorithmReport(string Oid, string Name)
{
    public static AlgorithmReport? Of(string? objectIdentifier) =>
        string.IsNullOrEmpty(objectIdentifier) ? null : Named(objectIdentifier);

    public static AlgorithmReport Named(string objectIdentifier) => new(objectIdentifier, AlgorithmNames.Of(objectIdentifier));

    /// <param name="capability">As the engine reads them: an object identifier, and perhaps a slash and a digest's.</param>
    public static AlgorithmReport OfCapability(string capability) =>
        new(capability, string.Join(" with ", capability.Split('/').Select(AlgorithmNames.Of)));
}

/// <param name="Kind">key-transport, key-agreement, key-encryption-key, password or other.</param>
/// <param name="Issuer">Of the certificate; null when it is named by its key, or the name cannot be read.</param>
/// <param name="SerialNumber">Hexadecimal, without leading zero bytes; null when the certificate is named by its key.</param>
/// <param name="KeyIdentifier">Hexadecimal; null when the certificate is named by its issuer.</param>
/// <param name="Algorithm">Of the key's encryption.</param>
internal sealed record RecipientReport(string Kind, string? Issuer, string? SerialNumber, string? KeyIdentifier, AlgorithmReport? Algorithm)
{
    public static RecipientReport Of(Recipient recipient) => new(
        Kebab.Of(recipient.Kind),
        recipient.Issuer is { } issuer ? Name(issuer) : null,
        (recipient.Identifier as RecipientIdentifier.IssuerAndSerialNumber)?.SerialNumber,
        (recipient.Identifier as RecipientIdentifier.SubjectKeyIdentifier)?.Value,
        AlgorithmReport.Of(recipient.Algorithm));

    private static string? Name(ReadOnlyMemory<byte> issuer)
    {
        try
        {
            return new X500DistinguishedName(issuer.Span).Name;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <param name="File">Where it came from.</param>
/// <param name="Subject">Of its certificate.</param>
/// <param name="Issuer">Of its certificate.</param>
/// <param name="SerialNumber">Hexadecimal, without leading zero bytes.</param>
/// <param name="KeyIdentifier">Hexadecimal; null when the certificate has none.</param>
/// <param name="Fits">The message names its certificate.</param>
internal sealed record KeyReport(string File, string Subject, string Issuer, string SerialNumber, string? KeyIdentifier, bool Fits)
{
    public static KeyReport Of(NamedKey key, IEnumerable<Recipient> recipients)
    {
        var identifiers = RecipientIdentifier.AllOf(key.Entry.Certificate);
        return new KeyReport(
            key.File,
            key.Entry.Certificate.Subject,
            key.Entry.Certificate.Issuer,
            identifiers.OfType<RecipientIdentifier.IssuerAndSerialNumber>().Single().SerialNumber,
            identifiers.OfType<RecipientIdentifier.SubjectKeyIdentifier>().SingleOrDefault()?.Value,
            recipients.Any(recipient => recipient.Identifier is { } identifier && identifiers.Contains(identifier)));
    }
}

/// <param name="Kind">clear-signed, opaque-signed, signed-receipt, certificates-only, enveloped, auth-enveloped, compressed, data or other.</param>
/// <param name="Algorithm">Of content encryption, or the content type where that is all that is known.</param>
/// <param name="Authenticated">Changes of the ciphertext are found out.</param>
/// <param name="Weak">Encrypted so that it can be broken today.</param>
/// <param name="Recipients">Of an encrypted layer.</param>
/// <param name="Signatures">How many signers.</param>
/// <param name="Failure">Why nothing further inside could be opened.</param>
internal sealed record LayerReport(
    string Kind,
    AlgorithmReport? Algorithm,
    bool Authenticated,
    bool Weak,
    IReadOnlyList<RecipientReport> Recipients,
    int Signatures,
    FailureReport? Failure)
{
    public static LayerReport Of(CryptographicLayer layer) => new(
        Kebab.Of(layer.Kind),
        AlgorithmReport.Of(layer.Algorithm),
        layer.IsAuthenticated,
        layer.IsWeak,
        layer.Recipients.Select(RecipientReport.Of).ToList(),
        layer.Signers.Count,
        layer.Failure is { } failure ? FailureReport.Of(failure) : null);
}
