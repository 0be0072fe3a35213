using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <param name="Type">Object identifier.</param>
/// <param name="Critical">Whoever does not understand it must not go on.</param>
/// <param name="Value">What the OCTET STRING holds.</param>
internal readonly record struct Extension(string Type, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <exception cref="AsnContentException">Not an Extension.</exception>
    public static Extension Read(AsnReader extensions)
    {
        var fields = extensions.ReadSequence();
        var type = fields.ReadObjectIdentifier();
        var critical = fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean();
        if (!fields.TryReadPrimitiveOctetString(out var value))
        {
            throw new AsnContentException("Not an extension.");
        }

        fields.ThrowIfNotEmpty();
        return new Extension(type, critical, value);
    }

    /// <summary>RFC 5280 §4.2: each type at most once.</summary>
    /// <exception cref="AsnContentException">Malformed, or a type twice.</exception>
    public static IReadOnlyList<Extension> ReadAll(AsnReader extensions)
    {
        var all = new List<Extension>();
        while (extensions.HasData)
        {
            var one = Read(extensions);
            if (all.Exists(other => other.Type == one.Type))
            {
                throw new AsnContentException("An extension twice.");
            }

            all.Add(one);
        }

        return all;
    }

    /// <summary>The single value inside.</summary>
    /// <exception cref="AsnContentException">Something follows it, or it is malformed.</exception>
    public T ReadValue<T>(Func<AsnReader, T> read)
    {
        var reader = new AsnReader(Value, AsnEncodingRules.DER);
        var result = read(reader);
        reader.ThrowIfNotEmpty();
        return result;
    }
}
