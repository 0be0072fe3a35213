using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5280 §4.2.1.5.</summary>
internal readonly record struct PolicyMapping(string IssuerDomainPolicy, string SubjectDomainPolicy);

/// <summary>RFC 5280 §4.2.1.11: how many more certificates; null when it does not say.</summary>
internal sealed record PolicyConstraints(int? RequireExplicitPolicy, int? InhibitPolicyMapping);

/// <summary>Reads the extensions about policies (RFC 5280 §4.2.1.4, .5, .11, .14).</summary>
/// <exception cref="AsnContentException">Every member, for what is malformed.</exception>
internal static class PolicyExtensions
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    /// <summary>Object identifiers, each once; qualifiers are for people and are left out.</summary>
    public static IReadOnlyList<string> ReadPolicies(AsnReader reader)
    {
        var policies = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var sequence = reader.ReadSequence();
        while (sequence.HasData)
        {
            var fields = sequence.ReadSequence();
            var policy = fields.ReadObjectIdentifier();
            if (!known.Add(policy))
            {
                throw new AsnContentException("A policy twice.");
            }

            policies.Add(policy);
        }

        return policies.Count > 0 ? policies : throw new AsnContentException("No policy.");
    }

    public static IReadOnlyList<PolicyMapping> ReadMappings(AsnReader reader)
    {
        var mappings = new List<PolicyMapping>();
        var sequence = reader.ReadSequence();
        while (sequence.HasData)
        {
            var fields = sequence.ReadSequence();
            mappings.Add(new PolicyMapping(fields.ReadObjectIdentifier(), fields.ReadObjectIdentifier()));
            fields.ThrowIfNotEmpty();
        }

        return mappings.Count > 0 ? mappings : throw new AsnContentException("No mapping.");
    }

    public static PolicyConstraints ReadConstraints(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var constraints = new PolicyConstraints(ReadSkipCertificates(fields, Tag0), ReadSkipCertificates(fields, Tag1));
        fields.ThrowIfNotEmpty();
        return constraints is { RequireExplicitPolicy: null, InhibitPolicyMapping: null }
            ? throw new AsnContentException("Constraints without any.")
            : constraints;
    }

    /// <summary>A count of certificates; what is absurdly large is as large as matters.</summary>
    public static int ReadCount(AsnReader reader, Asn1Tag? tag = null)
    {
        var number = reader.ReadInteger(tag);
        return number.Sign < 0 ? throw new AsnContentException("A negative count.") : (int)System.Numerics.BigInteger.Min(number, ushort.MaxValue);
    }

    private static int? ReadSkipCertificates(AsnReader fields, Asn1Tag tag) =>
        fields.HasData && fields.PeekTag().HasSameClassAndValue(tag) ? ReadCount(fields, tag) : null;
}
