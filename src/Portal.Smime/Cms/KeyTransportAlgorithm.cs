using System.Formats.Asn1;
using Portal.Smime.Keys;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>keyEncryptionAlgorithm of KeyTransRecipientInfo: RFC 3370 §4.2.1 and RFC 3560.</summary>
internal static class KeyTransportAlgorithm
{
    private static readonly AlgorithmIdentifier OaepSha256 = Oaep(Oids.Sha256);
    private static readonly AlgorithmIdentifier OaepSha384 = Oaep(Oids.Sha384);
    private static readonly AlgorithmIdentifier OaepSha512 = Oaep(Oids.Sha512);

    /// <returns>Null when we cannot unwrap this.</returns>
    /// <exception cref="AsnContentException">Parameters that are none.</exception>
    public static KeyTransportScheme? Find(AlgorithmIdentifier identifier) => identifier.Algorithm switch
    {
        Oids.RsaEncryption when identifier.HasNoParameters => KeyTransportScheme.RsaPkcs1,
        Oids.RsaesOaep => FindOaep(identifier),
        _ => null,
    };

    public static AlgorithmIdentifier Identifier(this KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.RsaPkcs1 => AlgorithmIdentifier.WithNull(Oids.RsaEncryption),
        KeyTransportScheme.RsaOaepSha1 => throw new NotSupportedException("OAEP with SHA-1 is read, not written."),
        KeyTransportScheme.RsaOaepSha256 => OaepSha256,
        KeyTransportScheme.RsaOaepSha384 => OaepSha384,
        KeyTransportScheme.RsaOaepSha512 => OaepSha512,
    };

    // RFC 4055 §4.1: everything defaults to SHA-1; a label (pSourceFunc) is never used in CMS.
    private static KeyTransportScheme? FindOaep(AlgorithmIdentifier identifier) =>
        identifier.SameAs(OaepSha256) ? KeyTransportScheme.RsaOaepSha256 : ReadOaep(identifier);

    private static KeyTransportScheme? ReadOaep(AlgorithmIdentifier identifier)
    {
        var hash = Oids.Sha1;
        var maskHash = Oids.Sha1;
        var fields = identifier.Parameters is { } parameters
            ? new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence()
            : null;
        while (fields is { HasData: true })
        {
            var tag = fields.PeekTag();
            if (tag.TagClass != TagClass.ContextSpecific)
            {
                return null;
            }

            var field = fields.ReadSequence(tag);
            var algorithm = AlgorithmIdentifier.Read(field);
            switch (tag.TagValue)
            {
                case 0 when algorithm.HasNoParameters:
                    hash = algorithm.Algorithm;
                    break;
                case 1 when algorithm is { Algorithm: Oids.Mgf1, Parameters: { } mask }:
                    maskHash = AlgorithmIdentifier.Read(new AsnReader(mask, AsnEncodingRules.BER)).Algorithm;
                    break;
                case 2 when algorithm is { Algorithm: Oids.PSpecified, Parameters.Span: [0x04, 0x00] }:
                    break;
                default:
                    return null;
            }
        }

        return hash != maskHash ? null : hash switch
        {
            Oids.Sha1 => KeyTransportScheme.RsaOaepSha1,
            Oids.Sha256 => KeyTransportScheme.RsaOaepSha256,
            Oids.Sha384 => KeyTransportScheme.RsaOaepSha384,
            Oids.Sha512 => KeyTransportScheme.RsaOaepSha512,
            _ => null,
        };
    }

    private static AlgorithmIdentifier Oaep(string hash)
    {
        var digest = AlgorithmIdentifier.WithNull(hash);
        var mask = new AsnWriter(AsnEncodingRules.DER);
        digest.Write(mask);

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                digest.Write(writer);
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                new AlgorithmIdentifier(Oids.Mgf1, mask.Encode()).Write(writer);
            }
        }

        return new AlgorithmIdentifier(Oids.RsaesOaep, writer.Encode());
    }
}
