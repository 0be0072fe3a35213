using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <param name="Base">What begins the subtree.</param>
/// <param name="IsPlain">minimum 0 and no maximum, the only kind that RFC 5280 §4.2.1.10 knows.</param>
internal sealed record GeneralSubtree(GeneralName Base, bool IsPlain);

/// <summary>The names below an authority (RFC 5280 §4.2.1.10).</summary>
internal sealed record NameConstraints(IReadOnlyList<GeneralSubtree> Permitted, IReadOnlyList<GeneralSubtree> Excluded)
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    public int Count => Permitted.Count + Excluded.Count;

    /// <exception cref="AsnContentException">Not NameConstraints.</exception>
    public static NameConstraints Read(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var constraints = new NameConstraints(ReadSubtrees(fields, Tag0), ReadSubtrees(fields, Tag1));
        fields.ThrowIfNotEmpty();
        return constraints.Count > 0 ? constraints : throw new AsnContentException("Constraints without any.");
    }

    /// <summary>What cannot be compared is not allowed: names are refused, never overlooked.</summary>
    public bool Allow(GeneralName name)
    {
        foreach (var subtree in Excluded)
        {
            if (SubtreeMatch.Concerns(subtree, name) && SubtreeMatch.Test(subtree, name) != SubtreeOutcome.Outside)
            {
                return false;
            }
        }

        var concerned = false;
        foreach (var subtree in Permitted)
        {
            if (!SubtreeMatch.Concerns(subtree, name))
            {
                continue;
            }

            concerned = true;
            switch (SubtreeMatch.Test(subtree, name))
            {
                case SubtreeOutcome.Inside:
                    return true;
                case SubtreeOutcome.Unsupported:
                    return false;
                case SubtreeOutcome.Outside:
                    break;
            }
        }

        return !concerned;
    }

    private static List<GeneralSubtree> ReadSubtrees(AsnReader fields, Asn1Tag tag)
    {
        var subtrees = new List<GeneralSubtree>();
        if (!fields.HasData || !fields.PeekTag().HasSameClassAndValue(tag))
        {
            return subtrees;
        }

        var sequence = fields.ReadSequence(tag);
        while (sequence.HasData)
        {
            var subtree = sequence.ReadSequence();
            var name = GeneralName.Read(subtree);
            var isPlain = true;
            if (subtree.HasData && subtree.PeekTag().HasSameClassAndValue(Tag0))
            {
                isPlain = subtree.ReadInteger(Tag0).IsZero;
            }

            if (subtree.HasData)
            {
                subtree.ReadInteger(Tag1);
                isPlain = false;
            }

            subtree.ThrowIfNotEmpty();
            subtrees.Add(new GeneralSubtree(name, isPlain));
        }

        return subtrees;
    }
}
