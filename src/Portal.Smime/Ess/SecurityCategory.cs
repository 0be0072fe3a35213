using System.Formats.Asn1;

namespace Portal.Smime.Ess;

/// <summary>RFC 2634 §3.2, as RFC 3114 §3 uses it.</summary>
/// <param name="type">Object identifier: what the value means.</param>
/// <param name="value">One DER element.</param>
public sealed class SecurityCategory(string type, ReadOnlyMemory<byte> value) : IEquatable<SecurityCategory>
{
    private static readonly Asn1Tag TypeTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ValueTag = new(TagClass.ContextSpecific, 1);

    public string Type { get; } = type;

    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>A category whose value is words.</summary>
    public static SecurityCategory OfText(string type, string text)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        return new SecurityCategory(type, writer.Encode());
    }

    /// <returns>Null when the value is not a character string.</returns>
    public string? Text()
    {
        try
        {
            var reader = new AsnReader(Value, AsnEncodingRules.BER);
            var tag = reader.PeekTag();
            return (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                && tag.TagClass == TagClass.Universal
                ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    public bool Equals(SecurityCategory? other) => other is not null && other.Type == Type && other.Value.Span.SequenceEqual(Value.Span);

    public override bool Equals(object? obj) => Equals(obj as SecurityCategory);

    public override int GetHashCode() => Type.GetHashCode(StringComparison.Ordinal);

    // [0] is implicit; [1] is around an open type, hence explicit (X.680 §31.2.7).
    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Type, TypeTag);
            using (writer.PushSequence(ValueTag))
            {
                writer.WriteEncodedValue(Value.Span);
            }
        }
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static SecurityCategory Read(AsnReader fields)
    {
        var type = fields.ReadObjectIdentifier(TypeTag);
        var tag = fields.PeekTag();
        if (!tag.HasSameClassAndValue(ValueTag))
        {
            throw new AsnContentException("A security category without value.");
        }

        // Some software writes [1] as if it were implicit over a string: the content then is the text itself.
        var value = tag.IsConstructed
            ? fields.ReadSequence(ValueTag).ReadEncodedValue()
            : Primitive(fields.ReadOctetString(ValueTag));
        fields.ThrowIfNotEmpty();
        return new SecurityCategory(type, value);
    }

    private static byte[] Primitive(byte[] content)
    {
        const byte utf8String = 0x0c;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content);
        var value = writer.Encode();
        value[0] = utf8String;
        return value;
    }
}
