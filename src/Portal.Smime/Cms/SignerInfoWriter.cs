using System.Formats.Asn1;
using Portal.Smime.Ess;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Signs a content digest in the two phases that a remote key needs: attributes first, then the one call, then the structure.</summary>
internal static class SignerInfoWriter
{
    /// <param name="signer">Who signs.</param>
    /// <param name="content">Type and digests.</param>
    /// <param name="properties">What else is signed.</param>
    /// <param name="further">Attributes of this kind of content.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>SignerInfo, DER.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    public static async Task<byte[]> SignAsync(
        Signer signer,
        ContentToSign content,
        SigningProperties properties,
        IReadOnlyList<(string Type, byte[] Value)> further,
        CancellationToken cancellationToken)
    {
        var attributes = EncodeAttributes(signer, content, properties, further);
        var signature = await signer.Key.SignAsync(attributes, signer.Scheme, cancellationToken);
        return Encode(signer, attributes, signature);
    }

    // RFC 5652 §5.4: the SET OF tag while hashing, [0] in the structure.
    private static byte[] EncodeAttributes(
        Signer signer,
        ContentToSign content,
        SigningProperties properties,
        IReadOnlyList<(string Type, byte[] Value)> further)
    {
        var digest = content.Digests.Find(signer.Scheme.Hash())
            ?? throw new ArgumentException("The content was not hashed for this signer.", nameof(content));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        {
            Write(writer, Oids.ContentType, value => value.WriteObjectIdentifier(content.Type));
            Write(writer, Oids.SigningTime, value => Time.Write(value, properties.SigningTime));
            Write(writer, Oids.MessageDigest, value => value.WriteOctetString(digest));
            Write(writer, Oids.SmimeCapabilities, value => value.WriteEncodedValue(SmimeCapabilities.Of(signer.EncryptionCertificate)));
            Write(writer, Oids.SigningCertificateV2, value => value.WriteEncodedValue(SigningCertificate.Encode(signer.Certificate)));
            if (signer.EncryptionCertificate is { } preferred)
            {
                Write(writer, Oids.EncryptionKeyPreference, value => value.WriteEncodedValue(EncryptionKeyPreference.Encode(preferred)));
            }

            foreach (var (type, encoded) in properties.Services.Encode().Concat(further))
            {
                Write(writer, type, value => value.WriteEncodedValue(encoded));
            }
        }

        return writer.Encode();
    }

    // RFC 5652 §5.3: version 1 names by issuer and serial number, version 3 by key identifier.
    private static byte[] Encode(Signer signer, byte[] attributes, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(signer.NamedBy == NamedBy.IssuerAndSerialNumber ? 1 : 3);
            CertificateIdentifiers.Write(writer, signer.Certificate, signer.NamedBy);
            DigestAlgorithms.Identifier(signer.Scheme.Hash()).Write(writer);
            byte[] tagged = [ContentInfo.Tagged(0), .. attributes.AsSpan(1)];
            writer.WriteEncodedValue(tagged);
            signer.Scheme.Identifier().Write(writer);
            writer.WriteOctetString(signature);
        }

        return writer.Encode();
    }

    private static void Write(AsnWriter writer, string type, Action<AsnWriter> writeValue)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSetOf())
            {
                writeValue(writer);
            }
        }
    }
}
