using System.Formats.Asn1;
using System.Numerics;

namespace Portal.Smime.Pkix;

/// <summary>Which part of its authority's certificates a list covers, and whether it is complete. As it stands: all, and complete.</summary>
public sealed record RevocationListScope
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag OnlyUsersTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag OnlyAuthoritiesTag = new(TagClass.ContextSpecific, 2);

    public static RevocationListScope All { get; } = new();

    /// <summary>http addresses, as in the cRLDistributionPoints of the certificates that this partition covers. Empty for no partition.</summary>
    public IReadOnlyList<Uri> DistributionPoints { get; init; } = [];

    /// <summary>People's certificates only.</summary>
    public bool OnlyUserCertificates { get; init; }

    /// <summary>Authorities' certificates only.</summary>
    public bool OnlyAuthorityCertificates { get; init; }

    /// <summary>For a delta list: the number of the complete list of the same scope that it changes.</summary>
    public BigInteger? BaseNumber { get; init; }

    internal bool IsPartition => DistributionPoints.Count > 0 || OnlyUserCertificates || OnlyAuthorityCertificates;

    internal void Write(AsnWriter extensions)
    {
        if (BaseNumber is { } number)
        {
            ExtensionWriter.Write(extensions, Oids.DeltaCrlIndicator, critical: true, value => value.WriteInteger(number));
        }

        if (IsPartition)
        {
            ExtensionWriter.Write(extensions, Oids.IssuingDistributionPoint, critical: true, WritePoint);
        }
    }

    private void WritePoint(AsnWriter value)
    {
        using (value.PushSequence())
        {
            if (DistributionPoints.Count > 0)
            {
                using (value.PushSequence(Tag0))
                using (value.PushSequence(Tag0))
                {
                    foreach (var location in DistributionPoints)
                    {
                        ExtensionWriter.WriteLocation(value, location);
                    }
                }
            }

            if (OnlyUserCertificates)
            {
                value.WriteBoolean(true, OnlyUsersTag);
            }

            if (OnlyAuthorityCertificates)
            {
                value.WriteBoolean(true, OnlyAuthoritiesTag);
            }
        }
    }
}
