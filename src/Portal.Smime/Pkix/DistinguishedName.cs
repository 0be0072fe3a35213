using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>A Name, compared by the rules of RFC 5280 §7.1 and not by its bytes.</summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private static readonly string[] Unreadable = [];

    private string[]? _parts;

    public DistinguishedName(ReadOnlyMemory<byte> encoded) => Encoded = encoded;

    /// <summary>DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    public bool IsEmpty => Encoded.Length == 2;

    /// <summary>False for what is no sequence of relative names; it then equals only its own bytes.</summary>
    public bool IsReadable => IsEmpty || Parts.Length > 0;

    /// <summary>Each relative name in a form that is equal when the names are.</summary>
    private string[] Parts => _parts ??= ReadParts();

    public bool Equals(DistinguishedName? other) =>
        other is not null
        && (Encoded.Span.SequenceEqual(other.Encoded.Span)
            || (Parts.Length > 0 && Parts.AsSpan().SequenceEqual(other.Parts)));

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => Parts.Length > 0 ? Parts[^1].GetHashCode(StringComparison.Ordinal) : 0;

    /// <summary>RFC 5280 §4.2.1.10: a subtree holds what begins with its base.</summary>
    public bool IsWithin(DistinguishedName subtree) =>
        subtree.IsEmpty
        || (subtree.Parts.Length > 0 && Parts.Length >= subtree.Parts.Length && Parts.AsSpan(0, subtree.Parts.Length).SequenceEqual(subtree.Parts));

    /// <summary>The emailAddress attributes, as older certificates carry addresses (RFC 5280 §4.1.2.6).</summary>
    public IReadOnlyList<string> EmailAddresses()
    {
        var addresses = new List<string>();
        try
        {
            var names = new AsnReader(Encoded, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var attributes = names.ReadSetOf(skipSortOrderValidation: true);
                while (attributes.HasData)
                {
                    var fields = attributes.ReadSequence();
                    if (fields.ReadObjectIdentifier() == Oids.EmailAddress)
                    {
                        addresses.Add(NameString.Read(fields.ReadEncodedValue()) ?? string.Empty);
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            return [];
        }

        return addresses;
    }

    /// <summary>With one more relative name at its end (nameRelativeToCRLIssuer, RFC 5280 §4.2.1.13).</summary>
    /// <param name="relativeName">DER, SET OF.</param>
    public DistinguishedName Append(ReadOnlySpan<byte> relativeName)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var names = new AsnReader(Encoded, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                writer.WriteEncodedValue(names.ReadEncodedValue().Span);
            }

            writer.WriteEncodedValue(relativeName);
        }

        return new DistinguishedName(writer.Encode());
    }

    private string[] ReadParts()
    {
        try
        {
            var parts = new List<string>();
            var reader = new AsnReader(Encoded, AsnEncodingRules.DER);
            var names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (names.HasData)
            {
                parts.Add(ReadPart(names.ReadSetOf(skipSortOrderValidation: true)));
            }

            return [.. parts];
        }
        catch (AsnContentException)
        {
            return Unreadable;
        }
    }

    private static string ReadPart(AsnReader attributes)
    {
        var all = new List<string>();
        while (attributes.HasData)
        {
            var fields = attributes.ReadSequence();
            var type = fields.ReadObjectIdentifier();
            var value = fields.ReadEncodedValue();
            fields.ThrowIfNotEmpty();
            var text = NameString.Read(value) is { } read ? $"={NameString.Fold(read)}" : $"#{Convert.ToHexString(value.Span)}";
            all.Add($"{type}{text.Length}{text}");
        }

        all.Sort(StringComparer.Ordinal);
        return all.Count == 0 ? throw new AsnContentException("An empty relative name.") : string.Join('+', all);
    }
}
