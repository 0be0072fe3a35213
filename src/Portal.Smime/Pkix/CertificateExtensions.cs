using System.Formats.Asn1;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5280 §4.2.1.3; bit n of the extension is 1 &lt;&lt; n.</summary>
[Flags]
internal enum KeyUsages
{
    DigitalSignature = 1 << 0,
    NonRepudiation = 1 << 1,
    KeyEncipherment = 1 << 2,
    DataEncipherment = 1 << 3,
    KeyAgreement = 1 << 4,
    KeyCertSign = 1 << 5,
    CrlSign = 1 << 6,
}

/// <param name="IsAuthority">cA.</param>
/// <param name="PathLength">pathLenConstraint; null for any.</param>
internal sealed record BasicConstraints(bool IsAuthority, int? PathLength)
{
    public static BasicConstraints Read(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        var isAuthority = fields.HasData && fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean();
        var pathLength = fields.HasData ? PolicyExtensions.ReadCount(fields) : default(int?);
        fields.ThrowIfNotEmpty();
        return new BasicConstraints(isAuthority, pathLength);
    }
}

/// <summary>What a certificate's extensions say. Null or empty is absent, or unreadable: see <see cref="Malformed"/>.</summary>
internal sealed class CertificateExtensions
{
    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);

    private readonly HashSet<string> _malformed = new(StringComparer.Ordinal);

    /// <summary>Types that occur twice, or cannot be read.</summary>
    public IReadOnlySet<string> Malformed => _malformed;

    /// <summary>Critical, and none that path validation processes.</summary>
    public bool HasUnknownCritical { get; private set; }

    public BasicConstraints? BasicConstraints { get; private set; }

    public KeyUsages? KeyUsage { get; private set; }

    public IReadOnlyList<string>? ExtendedKeyUsage { get; private set; }

    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; private set; }

    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; private set; }

    public IReadOnlyList<GeneralName> SubjectAltName { get; private set; } = [];

    public NameConstraints? NameConstraints { get; private set; }

    public IReadOnlyList<string>? Policies { get; private set; }

    public IReadOnlyList<PolicyMapping> PolicyMappings { get; private set; } = [];

    public PolicyConstraints? PolicyConstraints { get; private set; }

    public int? InhibitAnyPolicy { get; private set; }

    public IReadOnlyList<DistributionPoint> DistributionPoints { get; private set; } = [];

    /// <summary>RFC 6960 §4.2.2.2.1: the authority asks nobody to look whether this responder was revoked.</summary>
    public bool IsOcspNoCheck { get; private set; }

    /// <exception cref="AsnContentException">Not Extensions; what is wrong inside one of them is no exception.</exception>
    public static CertificateExtensions Read(AsnReader sequence)
    {
        var extensions = new CertificateExtensions();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (sequence.HasData)
        {
            var one = Extension.Read(sequence);
            if (!seen.Add(one.Type))
            {
                extensions._malformed.Add(one.Type);
                extensions.Forget(one.Type);
                continue;
            }

            try
            {
                extensions.HasUnknownCritical |= !extensions.TryTake(one) && one.Critical;
            }
            catch (AsnContentException)
            {
                extensions._malformed.Add(one.Type);
            }
        }

        return extensions;
    }

    // What is said twice is not said; only names are looked at in a certificate that is malformed.
    private void Forget(string type)
    {
        if (type == Oids.SubjectAltName)
        {
            SubjectAltName = [];
        }
    }

    /// <summary>keyUsage, when there is one, has to name it.</summary>
    public bool MayUse(KeyUsages usage) => KeyUsage is not { } usages || (usages & usage) != 0;

    // A type that returns true here is one that may be critical. Key identifiers never may (RFC 5280 §4.2.1.1, .2).
    private bool TryTake(Extension one)
    {
        switch (one.Type)
        {
            case Oids.BasicConstraints:
                BasicConstraints = one.ReadValue(BasicConstraints.Read);
                return true;
            case Oids.KeyUsage:
                KeyUsage = (KeyUsages)one.ReadValue(reader => NamedBits.Read(reader));
                return true;
            case Oids.ExtendedKeyUsage:
                ExtendedKeyUsage = one.ReadValue(ReadPurposes);
                return true;
            case Oids.SubjectAltName:
                SubjectAltName = one.ReadValue(reader => GeneralName.ReadAll(reader.ReadSequence()));
                return true;
            case Oids.NameConstraints:
                NameConstraints = one.ReadValue(NameConstraints.Read);
                return true;
            case Oids.CertificatePolicies:
                Policies = one.ReadValue(PolicyExtensions.ReadPolicies);
                return true;
            case Oids.PolicyMappings:
                PolicyMappings = one.ReadValue(PolicyExtensions.ReadMappings);
                return true;
            case Oids.PolicyConstraints:
                PolicyConstraints = one.ReadValue(PolicyExtensions.ReadConstraints);
                return true;
            case Oids.InhibitAnyPolicy:
                InhibitAnyPolicy = one.ReadValue(reader => PolicyExtensions.ReadCount(reader));
                return true;
            case Oids.CrlDistributionPoints:
                DistributionPoints = one.ReadValue(DistributionPoint.ReadAll);
                return true;
            case Oids.OcspNoCheck:
                IsOcspNoCheck = true;
                return true;
            case Oids.SubjectKeyIdentifier:
                SubjectKeyIdentifier = one.ReadValue(reader => reader.ReadOctetString());
                return false;
            case Oids.AuthorityKeyIdentifier:
                AuthorityKeyIdentifier = one.ReadValue(ReadKeyIdentifier);
                return false;
            default:
                return false;
        }
    }

    private static List<string> ReadPurposes(AsnReader reader)
    {
        var purposes = new List<string>();
        var sequence = reader.ReadSequence();
        while (sequence.HasData)
        {
            purposes.Add(sequence.ReadObjectIdentifier());
        }

        return purposes.Count > 0 ? purposes : throw new AsnContentException("No purpose.");
    }

    /// <summary>The key identifier alone: issuer and serial number help nobody to find a key that has been certified anew.</summary>
    public static ReadOnlyMemory<byte>? ReadKeyIdentifier(AsnReader reader)
    {
        var fields = reader.ReadSequence();
        ReadOnlyMemory<byte>? identifier = null;
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(Tag0))
        {
            identifier = fields.ReadOctetString(Tag0);
        }

        while (fields.HasData)
        {
            fields.ReadEncodedValue();
        }

        return identifier;
    }
}
