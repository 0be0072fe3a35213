using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;

namespace Portal.Smime.Pkix;

/// <summary>Makes certificates in two steps, so that the intent is on record before the key is used.</summary>
public static class CertificateIssuer
{
    private const int SerialNumberLength = 16;
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3);

    /// <exception cref="ArgumentException">The template contradicts its profile or its authority.</exception>
    public static ToBeSignedCertificate Prepare(CertificateTemplate template, IssuingAuthority authority)
    {
        CertificateTemplateRules.Demand(template, authority.Certificate);
        var issuer = authority.Certificate;
        var identifier = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes.ToArray()
            ?? ExtensionWriter.KeyIdentifier(issuer.PublicKey);
        return Prepare(template, issuer.SubjectName.RawData, identifier, issuer.PublicKey.ExportSubjectPublicKeyInfo(), authority.Scheme);
    }

    /// <param name="template">Of <see cref="CertificateProfile.RootAuthority"/>.</param>
    /// <param name="scheme">What the root's own key computes.</param>
    /// <exception cref="ArgumentException">The template contradicts its profile.</exception>
    public static ToBeSignedCertificate PrepareRoot(CertificateTemplate template, SignatureScheme scheme)
    {
        CertificateTemplateRules.Demand(template, authority: null);
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(template.SubjectPublicKeyInfo.Span, out _);
        return Prepare(template, template.Subject.RawData, ExtensionWriter.KeyIdentifier(key), template.SubjectPublicKeyInfo.ToArray(), scheme);
    }

    /// <param name="toBeSigned">As prepared, all for the same authority.</param>
    /// <param name="key">The authority's key; the root's own for a root.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>In their order.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    /// <exception cref="CryptographicException">The key is not the authority's.</exception>
    public static async Task<IReadOnlyList<X509Certificate2>> SignAsync(IReadOnlyList<ToBeSignedCertificate> toBeSigned, IPrivateKey key, CancellationToken cancellationToken)
    {
        if (toBeSigned is not [var first, ..])
        {
            return [];
        }

        var encoded = await SignedStructure.SignAsync([.. toBeSigned.Select(one => one.Encoded)], key, first.Scheme, first.IssuerPublicKey, cancellationToken);
        return encoded.Select(one => X509CertificateLoader.LoadCertificate(one)).ToList();
    }

    /// <inheritdoc cref="SignAsync(IReadOnlyList{ToBeSignedCertificate}, IPrivateKey, CancellationToken)"/>
    public static async Task<X509Certificate2> SignAsync(ToBeSignedCertificate toBeSigned, IPrivateKey key, CancellationToken cancellationToken) =>
        (await SignAsync([toBeSigned], key, cancellationToken))[0];

    private static ToBeSignedCertificate Prepare(
        CertificateTemplate template,
        byte[] issuer,
        byte[] authorityKeyIdentifier,
        byte[] issuerPublicKey,
        SignatureScheme scheme)
    {
        var serialNumber = NewSerialNumber();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Version))
            {
                writer.WriteInteger(2);
            }

            writer.WriteInteger(serialNumber);
            scheme.Identifier().Write(writer);
            writer.WriteEncodedValue(issuer);
            using (writer.PushSequence())
            {
                Time.Write(writer, template.NotBefore);
                Time.Write(writer, template.NotAfter);
            }

            writer.WriteEncodedValue(template.Subject.RawData);
            writer.WriteEncodedValue(template.SubjectPublicKeyInfo.Span);
            using (writer.PushSequence(Extensions))
            using (writer.PushSequence())
            {
                WriteExtensions(writer, template, authorityKeyIdentifier);
            }
        }

        return new ToBeSignedCertificate(serialNumber, writer.Encode(), scheme, issuerPublicKey);
    }

    private static void WriteExtensions(AsnWriter writer, CertificateTemplate template, byte[] authorityKeyIdentifier)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(template.SubjectPublicKeyInfo.Span, out _);
        WriteUses(writer, template.Profile, key);
        ExtensionWriter.WriteSubjectKeyIdentifier(writer, ExtensionWriter.KeyIdentifier(key));
        ExtensionWriter.WriteAuthorityKeyIdentifier(writer, authorityKeyIdentifier);
        if (template.Addresses.Count > 0)
        {
            // RFC 5280 §4.1.2.6: critical when the subject is empty.
            ExtensionWriter.WriteAddresses(writer, template.Addresses, critical: template.Subject.RawData is [0x30, 0x00]);
        }

        if (template.PublicationPoints.RevocationLists.Count > 0)
        {
            ExtensionWriter.WriteDistributionPoints(writer, template.PublicationPoints.RevocationLists);
        }

        if (template.PublicationPoints.IssuerCertificates.Count + template.PublicationPoints.OcspResponders.Count > 0)
        {
            ExtensionWriter.WriteAuthorityInfoAccess(writer, template.PublicationPoints);
        }

        if (template.Policies.Count > 0)
        {
            ExtensionWriter.WritePolicies(writer, template.Policies);
        }
    }

    /// <summary>basicConstraints, keyUsage, extKeyUsage.</summary>
    internal static void WriteUses(AsnWriter writer, CertificateProfile profile, PublicKey key)
    {
        var isAuthority = profile is CertificateProfile.RootAuthority or CertificateProfile.IssuingAuthority;
        ExtensionWriter.WriteBasicConstraints(writer, isAuthority, profile == CertificateProfile.IssuingAuthority ? 0 : null);
        ExtensionWriter.WriteKeyUsage(writer, KeyUsage(profile, key));
        if (profile == CertificateProfile.OcspResponder)
        {
            ExtensionWriter.WritePurpose(writer, Oids.OcspSigning);
            ExtensionWriter.Write(writer, Oids.OcspNoCheck, critical: false, value => value.WriteNull());
        }
        else if (profile != CertificateProfile.RootAuthority)
        {
            ExtensionWriter.WritePurpose(writer, Oids.EmailProtection);
        }
    }

    private static X509KeyUsageFlags KeyUsage(CertificateProfile profile, PublicKey key) => profile switch
    {
        CertificateProfile.RootAuthority or CertificateProfile.IssuingAuthority => X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
        CertificateProfile.Signing or CertificateProfile.OcspResponder => X509KeyUsageFlags.DigitalSignature,
        CertificateProfile.Encryption => key.Oid.Value == Oids.EcPublicKey ? X509KeyUsageFlags.KeyAgreement : X509KeyUsageFlags.KeyEncipherment,
    };

    // 126 random bits: positive (RFC 5280 §4.1.2.2), and never short.
    private static byte[] NewSerialNumber()
    {
        var serialNumber = RandomNumberGenerator.GetBytes(SerialNumberLength);
        serialNumber[0] = (byte)((serialNumber[0] & 0x7f) | 0x40);
        return serialNumber;
    }
}
