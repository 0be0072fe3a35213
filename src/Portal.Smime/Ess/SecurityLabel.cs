using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;

namespace Portal.Smime.Ess;

/// <summary>ESSSecurityLabel (RFC 2634 §3.2).</summary>
/// <param name="Policy">Object identifier: by whose rules the rest is read.</param>
public sealed record SecurityLabel(string Policy)
{
    /// <summary>ub-integer-options and ub-privacy-mark-length.</summary>
    private const int LargestClassification = 256;

    private const int LongestMark = 128;
    private const int MostCategories = 64;

    /// <summary>0 to 256; 0 to 5 are unmarked, unclassified, restricted, confidential, secret, top secret. Null when absent.</summary>
    public int? Classification { get; init; }

    /// <summary>Shown, never decided by.</summary>
    public string? PrivacyMark { get; init; }

    public IReadOnlyList<SecurityCategory> Categories { get; init; } = [];

    /// <summary>Classification up to 256, a mark of 1 to 128 characters, at most 64 categories.</summary>
    public bool IsWithinBounds => Classification is null or (>= 0 and <= LargestClassification)
        && PrivacyMark is null or { Length: > 0 and <= LongestMark }
        && Categories.Count <= MostCategories;

    /// <exception cref="ArgumentException">Out of bounds.</exception>
    internal byte[] Encode()
    {
        if (!IsWithinBounds)
        {
            throw new ArgumentException("A label beyond the bounds of RFC 2634 §3.2.", nameof(Classification));
        }

        // A SET in DER is in the order of tags, which for these is the order of bytes.
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        {
            writer.WriteObjectIdentifier(Policy);
            if (Classification is { } classification)
            {
                writer.WriteInteger(classification);
            }

            if (PrivacyMark is { } mark)
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, mark);
            }

            if (Categories.Count > 0)
            {
                using (writer.PushSetOf())
                {
                    foreach (var category in Categories)
                    {
                        category.Write(writer);
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static SecurityLabel Read(ReadOnlyMemory<byte> value) => Read(new AsnReader(value, AsnEncodingRules.BER));

    /// <exception cref="AsnContentException">It is none.</exception>
    internal static SecurityLabel Read(AsnReader reader)
    {
        var fields = reader.ReadSetOf(skipSortOrderValidation: true);
        string? policy = null;
        var label = new SecurityLabel(string.Empty);
        var seen = new HashSet<int>();
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            Demand(tag.TagClass == TagClass.Universal && seen.Add(tag.TagValue));
            switch ((UniversalTagNumber)tag.TagValue)
            {
                case UniversalTagNumber.ObjectIdentifier:
                    policy = fields.ReadObjectIdentifier();
                    break;
                case UniversalTagNumber.Integer:
                    label = label with { Classification = ReadClassification(fields.ReadInteger()) };
                    break;
                case UniversalTagNumber.PrintableString or UniversalTagNumber.UTF8String:
                    Demand(label.PrivacyMark is null);
                    label = label with { PrivacyMark = fields.ReadCharacterString((UniversalTagNumber)tag.TagValue) };
                    break;
                case UniversalTagNumber.Set:
                    label = label with { Categories = ReadCategories(fields.ReadSetOf(skipSortOrderValidation: true)) };
                    break;
                default:
                    throw new AsnContentException("Not a security label.");
            }
        }

        return label with { Policy = policy ?? throw new AsnContentException("A security label without policy.") };
    }

    private static int ReadClassification(BigInteger value)
    {
        Demand(value >= 0 && value <= LargestClassification);
        return int.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static List<SecurityCategory> ReadCategories(AsnReader set)
    {
        var categories = new List<SecurityCategory>();
        while (set.HasData)
        {
            categories.Add(SecurityCategory.Read(set.ReadSequence()));
            Demand(categories.Count <= MostCategories);
        }

        return categories;
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not a security label.");
        }
    }
}
