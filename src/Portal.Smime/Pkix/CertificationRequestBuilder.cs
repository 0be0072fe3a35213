using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>Builds PKCS#10 requests (RFC 2986), for a key that another authority shall certify.</summary>
public static class CertificationRequestBuilder
{
    private static readonly Asn1Tag Attributes = new(TagClass.ContextSpecific, 0);

    /// <param name="subject">May be empty.</param>
    /// <param name="subjectPublicKeyInfo">DER.</param>
    /// <param name="profile">What it shall be good for; the other authority may decide otherwise.</param>
    /// <param name="addresses">For the requested subjectAltName; none is allowed.</param>
    /// <param name="key">The private key of the same pair.</param>
    /// <param name="scheme">RSA PKCS#1 or ECDSA.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>DER.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The two are not of one pair.</exception>
    public static async Task<byte[]> BuildAsync(
        X500DistinguishedName subject,
        ReadOnlyMemory<byte> subjectPublicKeyInfo,
        CertificateProfile profile,
        IReadOnlyList<AddrSpec> addresses,
        IPrivateKey key,
        SignatureScheme scheme,
        CancellationToken cancellationToken)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(subject.RawData);
            writer.WriteEncodedValue(subjectPublicKeyInfo.Span);
            using (writer.PushSetOf(Attributes))
            {
                WriteExtensionRequest(writer, profile, PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo.Span, out _), addresses, isCritical: subject.RawData is [0x30, 0x00]);
            }
        }

        return await SignedStructure.SignAsync(writer.Encode(), key, scheme, subjectPublicKeyInfo.ToArray(), cancellationToken);
    }

    private static void WriteExtensionRequest(AsnWriter writer, CertificateProfile profile, PublicKey key, IReadOnlyList<AddrSpec> addresses, bool isCritical)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.ExtensionRequest);
            using (writer.PushSetOf())
            using (writer.PushSequence())
            {
                CertificateIssuer.WriteUses(writer, profile, key);
                if (addresses.Count > 0)
                {
                    ExtensionWriter.WriteAddresses(writer, addresses, isCritical);
                }
            }
        }
    }
}
