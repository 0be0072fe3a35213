using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>Certificate extensions that .NET does not write, or not as oddly as tests need them.</summary>
internal static class ExtensionOf
{
    public static X509Extension Authority(int? pathLength = null) =>
        new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true);

    public static X509Extension Usage(X509KeyUsageFlags usage) => new X509KeyUsageExtension(usage, critical: true);

    public static X509Extension Purposes(params string[] purposes) =>
        Sequence(Oids.ExtendedKeyUsage, false, writer => Array.ForEach(purposes, purpose => writer.WriteObjectIdentifier(purpose)));

    public static X509Extension AltName(params byte[][] names) =>
        Sequence(Oids.SubjectAltName, false, writer => Array.ForEach(names, name => writer.WriteEncodedValue(name)));

    public static X509Extension Permitted(params byte[][] bases) => Constraints(bases, []);

    public static X509Extension Excluded(params byte[][] bases) => Constraints([], bases);

    public static X509Extension Constraints(byte[][] permitted, byte[][] excluded, int minimum = 0, bool critical = true) =>
        Sequence(Oids.NameConstraints, critical, writer =>
        {
            WriteSubtrees(writer, permitted, 0, minimum);
            WriteSubtrees(writer, excluded, 1, minimum);
        });

    public static X509Extension Policies(params string[] policies) =>
        Sequence(Oids.CertificatePolicies, false, writer => Array.ForEach(policies, policy => WriteSequence(writer, policy)));

    /// <param name="pairs">Of the issuer's domain, of the subject's domain.</param>
    public static X509Extension Mappings(params (string, string)[] pairs) =>
        Sequence(Oids.PolicyMappings, true, writer => Array.ForEach(pairs, pair => WriteSequence(writer, pair.Item1, pair.Item2)));

    public static X509Extension PolicyConstraints(int? requireExplicit, int? inhibitMapping) =>
        Sequence(Oids.PolicyConstraints, true, writer =>
        {
            if (requireExplicit is { } one)
            {
                writer.WriteInteger(one, NameOf.Tag(0));
            }

            if (inhibitMapping is { } other)
            {
                writer.WriteInteger(other, NameOf.Tag(1));
            }
        });

    public static X509Extension InhibitAny(int skip) => new(Oids.InhibitAnyPolicy, NameOf.Write(writer => writer.WriteInteger(skip)), true);

    public static X509Extension SubjectKey(byte[] subjectPublicKeyInfo) =>
        new(Oids.SubjectKeyIdentifier, NameOf.Write(writer => writer.WriteOctetString(Identifier(subjectPublicKeyInfo))), false);

    public static X509Extension IssuerKey(ECDsa key) =>
        Sequence(Oids.AuthorityKeyIdentifier, false, writer => writer.WriteOctetString(Identifier(key.ExportSubjectPublicKeyInfo()), NameOf.Tag(0)));

    public static X509Extension Unknown(bool critical) => new("1.3.6.1.4.1.99999.1", [0x05, 0x00], critical);

    /// <param name="points">Each with its names, its reasons (bits as in <see cref="Smime.Pkix.ReasonFlags"/>) and its CRL issuer.</param>
    public static X509Extension DistributionPoints(params (byte[][] Names, int? Reasons, byte[]? Issuer)[] points) =>
        Sequence(Oids.CrlDistributionPoints, false, writer => Array.ForEach(points, point =>
        {
            using (writer.PushSequence())
            {
                WritePointName(writer, point.Names);
                WriteReasons(writer, point.Reasons, 1);
                if (point.Issuer is { } issuer)
                {
                    using (writer.PushSequence(NameOf.Tag(2)))
                    {
                        writer.WriteEncodedValue(issuer);
                    }
                }
            }
        }));

    public static void WritePointName(AsnWriter writer, byte[][] names)
    {
        if (names.Length == 0)
        {
            return;
        }

        using (writer.PushSequence(NameOf.Tag(0)))
        using (writer.PushSequence(NameOf.Tag(0)))
        {
            Array.ForEach(names, name => writer.WriteEncodedValue(name));
        }
    }

    public static void WriteReasons(AsnWriter writer, int? reasons, int tag)
    {
        if (reasons is not { } flags)
        {
            return;
        }

        Span<byte> bits = stackalloc byte[2];
        for (var bit = 0; bit < 9; bit++)
        {
            bits[bit / 8] |= (flags & (1 << bit)) != 0 ? (byte)(0x80 >> (bit % 8)) : (byte)0;
        }

        var last = 8;
        while ((flags & (1 << last)) == 0)
        {
            last--;
        }

        writer.WriteBitString(bits[..((last / 8) + 1)], 7 - (last % 8), NameOf.Tag(tag));
    }

    private static byte[] Identifier(byte[] subjectPublicKeyInfo) => SHA256.HashData(subjectPublicKeyInfo)[..20];

    private static X509Extension Sequence(string type, bool critical, Action<AsnWriter> write) => new(
        type,
        NameOf.Write(writer =>
        {
            using (writer.PushSequence())
            {
                write(writer);
            }
        }),
        critical);

    private static void WriteSequence(AsnWriter writer, params string[] identifiers)
    {
        using (writer.PushSequence())
        {
            Array.ForEach(identifiers, identifier => writer.WriteObjectIdentifier(identifier));
        }
    }

    private static void WriteSubtrees(AsnWriter writer, byte[][] bases, int tag, int minimum)
    {
        if (bases.Length == 0)
        {
            return;
        }

        using (writer.PushSequence(NameOf.Tag(tag)))
        {
            foreach (var one in bases)
            {
                using (writer.PushSequence())
                {
                    writer.WriteEncodedValue(one);
                    if (minimum > 0)
                    {
                        writer.WriteInteger(minimum, NameOf.Tag(0));
                    }
                }
            }
        }
    }
}
