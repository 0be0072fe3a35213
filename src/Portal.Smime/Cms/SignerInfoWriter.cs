using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Ess;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Signs a content digest in the two phases that a remote key needs: attributes first, then the one call, then the structure.</summary>
internal static class SignerInfoWriter
{
    /// <param name="signer">Who signs.</param>
    /// <param name="contentDigest">By the scheme's hash.</param>
    /// <param name="signingTime">Written to the second.</param>
    /// <param name="cancellationToken">Ends the wait for the key.</param>
    /// <returns>SignerInfo, DER.</returns>
    /// <exception cref="KeyStoreException">The key could not sign.</exception>
    public static async Task<byte[]> SignAsync(
        Signer signer,
        byte[] contentDigest,
        DateTimeOffset signingTime,
        CancellationToken cancellationToken)
    {
        var attributes = EncodeAttributes(signer, contentDigest, signingTime);
        var digest = CryptographicOperations.HashData(signer.Scheme.Hash(), attributes);
        var signature = await signer.Key.SignAsync(digest, signer.Scheme, cancellationToken);
        return Encode(signer, attributes, signature);
    }

    // RFC 5652 §5.4: the SET OF tag while hashing, [0] in the structure.
    private static byte[] EncodeAttributes(Signer signer, byte[] contentDigest, DateTimeOffset signingTime)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        {
            Write(writer, Oids.ContentType, value => value.WriteObjectIdentifier(Oids.Data));
            Write(writer, Oids.SigningTime, value => Time.Write(value, signingTime));
            Write(writer, Oids.MessageDigest, value => value.WriteOctetString(contentDigest));
            Write(writer, Oids.SmimeCapabilities, value => value.WriteEncodedValue(SmimeCapabilities.Ours()));
            Write(writer, Oids.SigningCertificateV2, value => value.WriteEncodedValue(SigningCertificate.Encode(signer.Certificate)));
            if (signer.EncryptionCertificate is { } preferred)
            {
                Write(writer, Oids.EncryptionKeyPreference, value => value.WriteEncodedValue(EncryptionKeyPreference.Encode(preferred)));
            }
        }

        return writer.Encode();
    }

    private static byte[] Encode(Signer signer, byte[] attributes, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            CertificateIdentifiers.WriteIssuerAndSerialNumber(writer, signer.Certificate);
            SignedDataWriter.WriteDigestAlgorithm(writer, signer.Scheme);
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
