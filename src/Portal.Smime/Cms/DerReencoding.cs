using System.Formats.Asn1;

namespace Portal.Smime.Cms;

/// <summary>BER to DER: definite lengths, primitive strings, sorted sets. Signatures cover DER, transfer may be BER (RFC 5652 §5.4).</summary>
internal static class DerReencoding
{
    private const int DeepestNesting = 32;

    /// <summary>Tag and length of a set.</summary>
    private const int LongestHeader = 6;

    /// <summary>What is DER but for the order of its sets stays as it came: signers have sorted by tags and by bytes, and signed what they had.</summary>
    /// <exception cref="AsnContentException">Not BER.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> element)
    {
        if (IsDefinite(element.Span, 0))
        {
            return element;
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        var reader = new AsnReader(element, AsnEncodingRules.BER);
        Write(writer, reader, 0);
        reader.ThrowIfNotEmpty();
        return writer.Encode();
    }

    /// <summary>DER elements as a SET OF under the universal tag (RFC 5652 §5.4: never the implicit one).</summary>
    public static byte[] SetOf(IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, LongestHeader + elements.Sum(element => element.Length));
        using (writer.PushSetOf())
        {
            foreach (var element in elements)
            {
                writer.WriteEncodedValue(element.Span);
            }
        }

        return writer.Encode();
    }

    // Definite and shortest lengths, and no string in pieces.
    private static bool IsDefinite(ReadOnlySpan<byte> elements, int depth)
    {
        while (elements.Length > 0)
        {
            if (depth > DeepestNesting
                || !AsnDecoder.TryReadEncodedValue(elements, AsnEncodingRules.DER, out var tag, out var offset, out var length, out var consumed)
                || (tag is { IsConstructed: true, TagClass: TagClass.Universal, TagValue: not ((int)UniversalTagNumber.Sequence or (int)UniversalTagNumber.Set) })
                || (tag.IsConstructed && !IsDefinite(elements.Slice(offset, length), depth + 1)))
            {
                return false;
            }

            elements = elements[consumed..];
        }

        return true;
    }

    private static void Write(AsnWriter writer, AsnReader reader, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new UnreadableException(Unreadable.TooDeep, "attribute");
        }

        var tag = reader.PeekTag();
        if (tag.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString))
        {
            writer.WriteOctetString(reader.ReadOctetString());
        }
        else if (tag.TagClass == TagClass.Universal && tag.IsConstructed && tag.TagValue == (int)UniversalTagNumber.Set)
        {
            writer.WriteEncodedValue(Set(reader.ReadSetOf(skipSortOrderValidation: true), depth));
        }
        else if (tag.IsConstructed && tag.TagClass == TagClass.Universal && tag.TagValue != (int)UniversalTagNumber.Sequence)
        {
            // Constructed character and bit strings: nobody writes them into attributes, and DER forbids them.
            throw UnreadableException.Malformed("attribute");
        }
        else if (tag.IsConstructed)
        {
            using (writer.PushSequence(tag))
            {
                WriteContents(writer, reader.ReadSequence(tag), depth);
            }
        }
        else
        {
            WritePrimitive(writer, reader.ReadEncodedValue().Span);
        }
    }

    // A length in more octets than needed is BER; nobody writes it into attributes, and the writer would not take it.
    private static void WritePrimitive(AsnWriter writer, ReadOnlySpan<byte> value)
    {
        if (!AsnDecoder.TryReadEncodedValue(value, AsnEncodingRules.DER, out _, out _, out _, out var length) || length != value.Length)
        {
            throw UnreadableException.Malformed("attribute");
        }

        writer.WriteEncodedValue(value);
    }

    private static void WriteContents(AsnWriter writer, AsnReader contents, int depth)
    {
        while (contents.HasData)
        {
            Write(writer, contents, depth + 1);
        }
    }

    // X.690 §10.3, §11.6: a SET is in the order of its tags, a SET OF in the order of its bytes. Elements that all
    // differ in their tags are a SET (a security label is one).
    private static byte[] Set(AsnReader contents, int depth)
    {
        var elements = new List<(Asn1Tag Tag, byte[] Encoded)>();
        while (contents.HasData)
        {
            var tag = contents.PeekTag();
            var element = new AsnWriter(AsnEncodingRules.DER);
            Write(element, contents, depth + 1);
            elements.Add((tag, element.Encode()));
        }

        var isSet = elements.DistinctBy(element => (element.Tag.TagClass, element.Tag.TagValue)).Count() == elements.Count;
        var set = new AsnWriter(AsnEncodingRules.DER);
        if (!isSet)
        {
            using (set.PushSetOf())
            {
                elements.ForEach(element => set.WriteEncodedValue(element.Encoded));
            }

            return set.Encode();
        }

        // The writer sorts whatever it knows as a set by bytes, so it is told of another tag.
        using (set.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            foreach (var (_, encoded) in elements.OrderBy(element => element.Tag.TagClass).ThenBy(element => element.Tag.TagValue))
            {
                set.WriteEncodedValue(encoded);
            }
        }

        var bytes = set.Encode();
        bytes[0] = ContentInfo.Set;
        return bytes;
    }
}
