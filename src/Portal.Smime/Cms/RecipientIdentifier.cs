using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Cms;

/// <summary>Whom a RecipientInfo is for (RFC 5652 §6.2). Equal by value, so that it can be looked up.</summary>
public abstract record RecipientIdentifier
{
    private static readonly ConditionalWeakTable<X509Certificate2, IReadOnlyList<RecipientIdentifier>> Known = [];

    private RecipientIdentifier()
    {
    }

    /// <summary>One line of ASCII, unique for the identifier: fit for a database's look-up column.</summary>
    public abstract string LookupKey { get; }

    /// <summary>Every identifier by which a sender may name this certificate.</summary>
    public static IReadOnlyList<RecipientIdentifier> AllOf(X509Certificate2 certificate) => Known.GetValue(certificate, Compute);

    private static IReadOnlyList<RecipientIdentifier> Compute(X509Certificate2 certificate)
    {
        var all = new List<RecipientIdentifier> { IssuerAndSerialNumber.Of(certificate) };
        if (KeyIdentifier(certificate) is { } identifier)
        {
            all.Add(identifier);
        }

        return all;
    }

    /// <returns>Null for a certificate without the extension, or with one that is none.</returns>
    private static SubjectKeyIdentifier? KeyIdentifier(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } extension
                ? new SubjectKeyIdentifier(Convert.ToHexString(extension.SubjectKeyIdentifierBytes.Span))
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <param name="IssuerSha256">Hexadecimal SHA-256 of the issuer's name in DER, as the certificate carries it.</param>
    /// <param name="SerialNumber">Hexadecimal, as the certificate carries it, without leading zero bytes.</param>
    public sealed record IssuerAndSerialNumber(string IssuerSha256, string SerialNumber) : RecipientIdentifier
    {
        public override string LookupKey => $"issuer:{IssuerSha256}:{SerialNumber}";

        public static IssuerAndSerialNumber Of(X509Certificate2 certificate) =>
            From(certificate.IssuerName.RawData, certificate.SerialNumberBytes.Span);

        /// <param name="issuer">Name, DER.</param>
        /// <param name="serialNumber">Content bytes of the INTEGER.</param>
        internal static IssuerAndSerialNumber From(ReadOnlySpan<byte> issuer, ReadOnlySpan<byte> serialNumber) =>
            new(Convert.ToHexString(SHA256.HashData(issuer)), Convert.ToHexString(serialNumber.TrimStart((byte)0)));
    }

    /// <param name="Value">Hexadecimal.</param>
    public sealed record SubjectKeyIdentifier(string Value) : RecipientIdentifier
    {
        public override string LookupKey => $"ski:{Value}";
    }

    /// <summary>A recipient without a certificate: a key-encryption key, a password, or a kind that the standards do not know yet.</summary>
    public sealed record Unnamed : RecipientIdentifier
    {
        public override string LookupKey => "unnamed";
    }
}
