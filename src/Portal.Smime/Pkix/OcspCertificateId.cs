using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Which certificate is asked about (CertID, RFC 6960 §4.1.1).</summary>
/// <param name="HashAlgorithm">Object identifier of the digest of both hashes.</param>
/// <param name="IssuerNameHash">Of the issuer's Name, DER.</param>
/// <param name="IssuerKeyHash">Of the issuer's subjectPublicKey, without tag, length and unused bits.</param>
/// <param name="SerialNumber">Content bytes of the INTEGER, big endian.</param>
public sealed record OcspCertificateId(
    string HashAlgorithm,
    ReadOnlyMemory<byte> IssuerNameHash,
    ReadOnlyMemory<byte> IssuerKeyHash,
    ReadOnlyMemory<byte> SerialNumber)
{
    /// <summary>By SHA-256.</summary>
    /// <exception cref="ArgumentException">One of the two is no certificate that can be read.</exception>
    public static OcspCertificateId Of(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        if (ParsedCertificate.Of(certificate) is not { } subject || ParsedCertificate.Of(issuer) is not { } above)
        {
            throw new ArgumentException("Not a certificate.", nameof(certificate));
        }

        return new OcspCertificateId(
            Oids.Sha256,
            SHA256.HashData(subject.Issuer.Encoded.Span),
            SHA256.HashData(above.SubjectPublicKey.Span),
            subject.SerialNumber);
    }

    /// <summary>Whether this authority issued what is asked about.</summary>
    public bool IsIssuedBy(X509Certificate2 issuer) => ParsedCertificate.Of(issuer) is { } parsed && IsIssuedBy(parsed, parsed.Subject);

    internal bool Names(ParsedCertificate certificate, ParsedCertificate issuer) =>
        SerialNumber.Span.SequenceEqual(certificate.SerialNumber.Span) && IsIssuedBy(issuer, certificate.Issuer);

    /// <exception cref="AsnContentException">Not a CertID.</exception>
    internal static OcspCertificateId Read(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var id = new OcspCertificateId(
            AlgorithmIdentifier.Read(fields).Algorithm,
            fields.ReadOctetString(),
            fields.ReadOctetString(),
            fields.ReadIntegerBytes());
        fields.ThrowIfNotEmpty();
        return id;
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            AlgorithmIdentifier.WithNull(HashAlgorithm).Write(writer);
            writer.WriteOctetString(IssuerNameHash.Span);
            writer.WriteOctetString(IssuerKeyHash.Span);
            writer.WriteInteger(SerialNumber.Span);
        }
    }

    private bool IsIssuedBy(ParsedCertificate issuer, DistinguishedName name) =>
        Digest() is { } digest
        && IssuerNameHash.Span.SequenceEqual(CryptographicOperations.HashData(digest, name.Encoded.Span))
        && IssuerKeyHash.Span.SequenceEqual(CryptographicOperations.HashData(digest, issuer.SubjectPublicKey.Span));

    // SHA-1 names things here and proves nothing: whoever finds a second preimage has found another name for the same question.
    private HashAlgorithmName? Digest() => HashAlgorithm == Oids.Sha1 ? HashAlgorithmName.SHA1 : DigestAlgorithms.Find(HashAlgorithm);
}
