using System.Formats.Asn1;

namespace Portal.Smime.Cms;

/// <summary>The signed attributes of one signer (RFC 5652 §5.3).</summary>
internal sealed class SignedAttributes
{
    private const int Most = 64;

    private readonly List<(string Type, IReadOnlyList<ReadOnlyMemory<byte>> Values)> _attributes = [];

    private SignedAttributes(byte[] encoded) => Encoded = encoded;

    /// <summary>DER SET OF: what the signature covers.</summary>
    public byte[] Encoded { get; }

    /// <param name="set">The contents of the SET, in BER and any order.</param>
    /// <exception cref="AsnContentException">Not attributes.</exception>
    public static SignedAttributes Read(AsnReader set)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        while (set.HasData)
        {
            elements.Add(DerReencoding.Of(set.ReadEncodedValue()));
            if (elements.Count > Most)
            {
                throw UnreadableException.TooLarge("signedAttrs");
            }
        }

        var attributes = new SignedAttributes(DerReencoding.SetOf(elements));
        elements.ForEach(attributes.Add);
        return attributes;
    }

    public bool ContainsAny(ReadOnlySpan<string> types)
    {
        foreach (var (type, _) in _attributes)
        {
            if (types.Contains(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The one value of an attribute that may occur once (RFC 5652 §11).</summary>
    /// <param name="type">Object identifier.</param>
    /// <param name="value">DER; null when the attribute is absent.</param>
    /// <returns>False when it occurs twice, or has not exactly one value.</returns>
    public bool TryGetSingle(string type, out ReadOnlyMemory<byte>? value)
    {
        value = null;
        foreach (var attribute in _attributes)
        {
            if (attribute.Type != type)
            {
                continue;
            }

            if (value is not null || attribute.Values.Count != 1)
            {
                value = null;
                return false;
            }

            value = attribute.Values[0];
        }

        return true;
    }

    private void Add(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var type = reader.ReadObjectIdentifier();
        var set = reader.ReadSetOf();
        reader.ThrowIfNotEmpty();
        var values = new List<ReadOnlyMemory<byte>>(1);
        while (set.HasData)
        {
            values.Add(set.ReadEncodedValue());
        }

        _attributes.Add((type, values));
    }
}
