using System.Buffers.Binary;
using System.Formats.Asn1;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>AES key wrap (RFC 3565 §2.3.2), and what a key agreement derives its key-encryption key for.</summary>
/// <param name="KeyLength">Bytes: 16, 24 or 32.</param>
/// <param name="Identifier">As written: its parameters go into the derivation.</param>
internal sealed record KeyWrapAlgorithm(int KeyLength, AlgorithmIdentifier Identifier)
{
    /// <summary>Room for all but the user's keying material.</summary>
    private const int SharedInformationBytes = 48;

    private static readonly Asn1Tag Ukm = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicInformation = new(TagClass.ContextSpecific, 2);

    public static KeyWrapAlgorithm Aes256 { get; } = new(32, AlgorithmIdentifier.WithoutParameters(Oids.Aes256Wrap));

    /// <returns>Null for an algorithm that we do not know.</returns>
    public static KeyWrapAlgorithm? Find(AlgorithmIdentifier identifier)
    {
        var length = identifier.Algorithm switch
        {
            Oids.Aes128Wrap => 16,
            Oids.Aes192Wrap => 24,
            Oids.Aes256Wrap => 32,
            _ => 0,
        };
        return length > 0 && identifier.HasNoParameters ? new KeyWrapAlgorithm(length, identifier) : null;
    }

    /// <summary>
    /// RFC 3565 wants no parameters, and some software writes NULL. Which of them went into the derivation is not
    /// always what stands in the message, so both are worth a try.
    /// </summary>
    public IEnumerable<KeyWrapAlgorithm> Alternatives() =>
    [
        this,
        this with
        {
            Identifier = Identifier.Parameters is null
                ? AlgorithmIdentifier.WithNull(Identifier.Algorithm)
                : AlgorithmIdentifier.WithoutParameters(Identifier.Algorithm),
        },
    ];

    /// <summary>ECC-CMS-SharedInfo (RFC 5753 §7.2), DER.</summary>
    public byte[] SharedInformation(ReadOnlyMemory<byte>? userKeyingMaterial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, SharedInformationBytes + (userKeyingMaterial?.Length ?? 0));
        using (writer.PushSequence())
        {
            Identifier.Write(writer);
            if (userKeyingMaterial is { } material)
            {
                using (writer.PushSequence(Ukm))
                {
                    writer.WriteOctetString(material.Span);
                }
            }

            using (writer.PushSequence(PublicInformation))
            {
                Span<byte> bits = stackalloc byte[4];
                BinaryPrimitives.WriteInt32BigEndian(bits, KeyLength * 8);
                writer.WriteOctetString(bits);
            }
        }

        return writer.Encode();
    }
}
