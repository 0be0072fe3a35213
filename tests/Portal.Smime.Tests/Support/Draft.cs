using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Tests.Support;

/// <summary>A certificate while it is being thought out: nothing in it has to make sense.</summary>
internal sealed class Draft(X500DistinguishedName subject)
{
    public X500DistinguishedName Subject { get; set; } = subject;

    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Of another key than <see cref="Key"/>.</summary>
    public byte[]? PublicKey { get; set; }

    public DateTimeOffset NotBefore { get; set; } = Pki.Now.AddDays(-30);

    public DateTimeOffset NotAfter { get; set; } = Pki.Now.AddDays(300);

    /// <summary>As encoded: 2 is version 3.</summary>
    public int Version { get; set; } = 2;

    public X500DistinguishedName? Issuer { get; set; }

    public byte[] SerialNumber { get; set; } = [0x42, .. RandomNumberGenerator.GetBytes(8)];

    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

    public bool IsSignatureBroken { get; set; }

    /// <summary>Names SHA-384 inside, where it is signed, and SHA-256 outside.</summary>
    public bool IsAlgorithmContradicted { get; set; }

    /// <summary>Whether subject and issuer key are identified; only version 3 can.</summary>
    public bool HasKeyIdentifiers { get; set; } = true;

    public List<X509Extension> Extensions { get; } = [];

    public byte[] SubjectPublicKeyInfo => PublicKey ?? Key.ExportSubjectPublicKeyInfo();

    /// <summary>In place of one of the same type.</summary>
    public Draft With(X509Extension extension)
    {
        Without(extension.Oid!.Value!).Extensions.Add(extension);
        return this;
    }

    public Draft Without(string type)
    {
        Extensions.RemoveAll(extension => extension.Oid!.Value == type);
        return this;
    }

    public X509Certificate2 Sign(X500DistinguishedName issuer, ECDsa key)
    {
        var algorithm = Hash == HashAlgorithmName.SHA1
            ? AlgorithmIdentifier.WithoutParameters("1.2.840.10045.4.1")
            : SignatureScheme.EcdsaSha256.Identifier();
        if (HasKeyIdentifiers && Version == 2)
        {
            With(ExtensionOf.SubjectKey(SubjectPublicKeyInfo)).With(ExtensionOf.IssuerKey(key));
        }

        var toBeSigned = NameOf.Write(writer => WriteToBeSigned(writer, Issuer ?? issuer, IsAlgorithmContradicted ? SignatureScheme.EcdsaSha384.Identifier() : algorithm));
        var signature = key.SignData(toBeSigned, Hash, DSASignatureFormat.Rfc3279DerSequence);
        signature[^1] ^= (byte)(IsSignatureBroken ? 1 : 0);
        return X509CertificateLoader.LoadCertificate(NameOf.Write(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(toBeSigned);
                algorithm.Write(writer);
                writer.WriteBitString(signature);
            }
        }));
    }

    private void WriteToBeSigned(AsnWriter writer, X500DistinguishedName issuer, AlgorithmIdentifier algorithm)
    {
        using (writer.PushSequence())
        {
            if (Version > 0)
            {
                using (writer.PushSequence(NameOf.Tag(0)))
                {
                    writer.WriteInteger(Version);
                }
            }

            writer.WriteInteger(SerialNumber);
            algorithm.Write(writer);
            writer.WriteEncodedValue(issuer.RawData);
            using (writer.PushSequence())
            {
                Time.Write(writer, NotBefore);
                Time.Write(writer, NotAfter);
            }

            writer.WriteEncodedValue(Subject.RawData);
            writer.WriteEncodedValue(SubjectPublicKeyInfo);
            if (Extensions.Count > 0)
            {
                using (writer.PushSequence(NameOf.Tag(3)))
                using (writer.PushSequence())
                {
                    Extensions.ForEach(extension => WriteExtension(writer, extension));
                }
            }
        }
    }

    private static void WriteExtension(AsnWriter writer, X509Extension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.RawData);
        }
    }
}
