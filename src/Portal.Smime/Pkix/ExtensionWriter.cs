using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>Writes single extensions of certificates and revocation lists (RFC 5280 §4.2, §5.2).</summary>
internal static class ExtensionWriter
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);

    public static void Write(AsnWriter extensions, string type, bool critical, Action<AsnWriter> writeValue)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        writeValue(value);
        using (extensions.PushSequence())
        {
            extensions.WriteObjectIdentifier(type);
            if (critical)
            {
                extensions.WriteBoolean(true);
            }

            extensions.WriteOctetString(value.Encode());
        }
    }

    public static void WriteBasicConstraints(AsnWriter extensions, bool isAuthority, int? pathLength) =>
        Write(extensions, Oids.BasicConstraints, critical: true, value =>
        {
            using (value.PushSequence())
            {
                if (isAuthority)
                {
                    value.WriteBoolean(true);
                }

                if (pathLength is { } length)
                {
                    value.WriteInteger(length);
                }
            }
        });

    public static void WriteKeyUsage(AsnWriter extensions, X509KeyUsageFlags usage)
    {
        var extension = new X509KeyUsageExtension(usage, critical: true);
        Write(extensions, Oids.KeyUsage, critical: true, value => value.WriteEncodedValue(extension.RawData));
    }

    public static void WritePurpose(AsnWriter extensions, string purpose) =>
        Write(extensions, Oids.ExtendedKeyUsage, critical: false, value =>
        {
            using (value.PushSequence())
            {
                value.WriteObjectIdentifier(purpose);
            }
        });

    public static void WriteAddresses(AsnWriter extensions, IReadOnlyList<AddrSpec> addresses, bool critical) =>
        Write(extensions, Oids.SubjectAltName, critical, value =>
        {
            using (value.PushSequence())
            {
                foreach (var address in addresses)
                {
                    GeneralName.WriteMailbox(value, address);
                }
            }
        });

    public static void WriteSubjectKeyIdentifier(AsnWriter extensions, byte[] identifier) =>
        Write(extensions, Oids.SubjectKeyIdentifier, critical: false, value => value.WriteOctetString(identifier));

    public static void WriteAuthorityKeyIdentifier(AsnWriter extensions, ReadOnlySpan<byte> identifier)
    {
        var bytes = identifier.ToArray();
        Write(extensions, Oids.AuthorityKeyIdentifier, critical: false, value =>
        {
            using (value.PushSequence())
            {
                value.WriteOctetString(bytes, Tag0);
            }
        });
    }

    public static void WriteDistributionPoints(AsnWriter extensions, IReadOnlyList<Uri> locations) =>
        Write(extensions, Oids.CrlDistributionPoints, critical: false, value =>
        {
            using (value.PushSequence())
            {
                foreach (var location in locations)
                {
                    using (value.PushSequence())
                    using (value.PushSequence(Tag0))
                    using (value.PushSequence(Tag0))
                    {
                        WriteLocation(value, location);
                    }
                }
            }
        });

    public static void WriteAuthorityInfoAccess(AsnWriter extensions, PublicationPoints points) =>
        Write(extensions, Oids.AuthorityInfoAccess, critical: false, value =>
        {
            using (value.PushSequence())
            {
                WriteAccess(value, Oids.OcspAccessMethod, points.OcspResponders);
                WriteAccess(value, Oids.CaIssuersAccessMethod, points.IssuerCertificates);
            }
        });

    public static void WritePolicies(AsnWriter extensions, IReadOnlyList<string> policies) =>
        Write(extensions, Oids.CertificatePolicies, critical: false, value =>
        {
            using (value.PushSequence())
            {
                foreach (var policy in policies)
                {
                    using (value.PushSequence())
                    {
                        value.WriteObjectIdentifier(policy);
                    }
                }
            }
        });

    /// <summary>RFC 7093 §2 (1): the leftmost 160 bits of the SHA-256 of the subjectPublicKey.</summary>
    public static byte[] KeyIdentifier(PublicKey key) => SHA256.HashData(key.EncodedKeyValue.RawData)[..20];

    private static void WriteAccess(AsnWriter writer, string method, IReadOnlyList<Uri> locations)
    {
        foreach (var location in locations)
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(method);
                WriteLocation(writer, location);
            }
        }
    }

    public static void WriteLocation(AsnWriter writer, Uri location) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, location.AbsoluteUri, UniformResourceIdentifier);
}
