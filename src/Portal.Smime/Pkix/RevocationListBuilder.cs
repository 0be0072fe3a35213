using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Builds v2 revocation lists (RFC 5280 §5).</summary>
public static class RevocationListBuilder
{
    /// <summary>Bytes of an entry with a serial number of 20 octets and a reason; and of what is around them, with long names.</summary>
    private const int LargestEntry = 64;

    private const int LargestFrame = 4096;
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0);

    /// <summary>A complete list of all that the authority has revoked.</summary>
    /// <inheritdoc cref="BuildAsync(IssuingAuthority, BigInteger, IReadOnlyList{RevokedCertificate}, DateTimeOffset, DateTimeOffset, RevocationListScope, CancellationToken)"/>
    public static Task<byte[]> BuildAsync(
        IssuingAuthority authority,
        BigInteger number,
        IReadOnlyList<RevokedCertificate> revoked,
        DateTimeOffset thisUpdate,
        DateTimeOffset nextUpdate,
        CancellationToken cancellationToken) =>
        BuildAsync(authority, number, revoked, thisUpdate, nextUpdate, RevocationListScope.All, cancellationToken);

    /// <param name="authority">Who issues; its certificate needs cRLSign.</param>
    /// <param name="number">Grows with every list.</param>
    /// <param name="revoked">Every unexpired revoked certificate of the scope; in a delta, every change since its base.</param>
    /// <param name="thisUpdate">Precise to the second.</param>
    /// <param name="nextUpdate">At most 7 days later by the profile we follow; the caller's decision.</param>
    /// <param name="scope">What the list covers.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">nextUpdate is not after thisUpdate, an entry that only deltas may have, or a scope that contradicts itself.</exception>
    /// <exception cref="Keys.KeyStoreException">The key could not sign.</exception>
    public static async Task<byte[]> BuildAsync(
        IssuingAuthority authority,
        BigInteger number,
        IReadOnlyList<RevokedCertificate> revoked,
        DateTimeOffset thisUpdate,
        DateTimeOffset nextUpdate,
        RevocationListScope scope,
        CancellationToken cancellationToken)
    {
        if (nextUpdate <= thisUpdate || (scope.BaseNumber is null && revoked.Any(entry => entry.Reason == CrlReason.RemoveFromCrl)))
        {
            throw new ArgumentException("Not a complete list with a future.", nameof(nextUpdate));
        }

        if (scope.BaseNumber > number || scope is { OnlyUserCertificates: true, OnlyAuthorityCertificates: true })
        {
            throw new ArgumentException("Not a scope that a list can have.", nameof(scope));
        }

        var toBeSigned = Encode(authority, number, revoked, thisUpdate, nextUpdate, scope);
        return await SignedStructure.SignAsync(
            toBeSigned,
            authority.Key,
            authority.Scheme,
            authority.Certificate.PublicKey.ExportSubjectPublicKeyInfo(),
            cancellationToken);
    }

    private static byte[] Encode(
        IssuingAuthority authority,
        BigInteger number,
        IReadOnlyList<RevokedCertificate> revoked,
        DateTimeOffset thisUpdate,
        DateTimeOffset nextUpdate,
        RevocationListScope scope)
    {
        // A writer that is not told grows by a kilobyte, and moves all that it has each time.
        var writer = new AsnWriter(AsnEncodingRules.DER, LargestFrame + (revoked.Count * LargestEntry));
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            authority.Scheme.Identifier().Write(writer);
            writer.WriteEncodedValue(authority.Certificate.SubjectName.RawData);
            Time.Write(writer, thisUpdate);
            Time.Write(writer, nextUpdate);

            // RFC 5280 §5.1.2.6: absent rather than empty.
            if (revoked.Count > 0)
            {
                using (writer.PushSequence())
                {
                    foreach (var entry in revoked)
                    {
                        WriteEntry(writer, entry);
                    }
                }
            }

            using (writer.PushSequence(Extensions))
            using (writer.PushSequence())
            {
                WriteAuthorityKeyIdentifier(writer, authority.Certificate);
                ExtensionWriter.Write(writer, Oids.CrlNumber, critical: false, value => value.WriteInteger(number));
                scope.Write(writer);
            }
        }

        return writer.Encode();
    }

    private static void WriteAuthorityKeyIdentifier(AsnWriter writer, X509Certificate2 authority)
    {
        var identifier = authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        ExtensionWriter.WriteAuthorityKeyIdentifier(
            writer,
            identifier is null ? ExtensionWriter.KeyIdentifier(authority.PublicKey) : identifier.SubjectKeyIdentifierBytes.Span);
    }

    // RFC 5280 §5.3.1: no reason code rather than unspecified.
    private static void WriteEntry(AsnWriter writer, RevokedCertificate entry)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(entry.SerialNumber.Span, isUnsigned: true, isBigEndian: true));
            Time.Write(writer, entry.RevokedAt);
            if (entry.Reason == CrlReason.Unspecified)
            {
                return;
            }

            using (writer.PushSequence())
            {
                ExtensionWriter.Write(writer, Oids.CrlReason, critical: false, value => value.WriteEnumeratedValue(entry.Reason));
            }
        }
    }
}
