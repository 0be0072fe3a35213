using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>A parsed X.509 v2 revocation list (RFC 5280 §5). Parsed is not verified: that happens against the issuer on a path.</summary>
public sealed class RevocationList
{
    private readonly Dictionary<string, RevokedCertificate> _revoked = [];
    private readonly ReadOnlyMemory<byte> _toBeSigned;
    private readonly AlgorithmIdentifier _algorithm;
    private readonly byte[] _signature;
    private byte[]? _verifiedWith;

    private RevocationList(ReadOnlyMemory<byte> der)
    {
        Encoded = der;
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var fields = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        _toBeSigned = fields.PeekEncodedValue();
        var list = fields.ReadSequence();
        _algorithm = AlgorithmIdentifier.Read(fields);
        _signature = fields.ReadBitString(out var unusedBits);
        Demand(unusedBits == 0);
        fields.ThrowIfNotEmpty();

        Demand(list.ReadInteger() == 1);
        var inner = AlgorithmIdentifier.Read(list);
        Demand(inner.Algorithm == _algorithm.Algorithm);
        Issuer = list.ReadEncodedValue();
        ThisUpdate = Time.Read(list);
        NextUpdate = Time.Read(list);
        if (list.HasData && list.PeekTag() == Asn1Tag.Sequence)
        {
            ReadRevoked(list.ReadSequence());
        }

        Number = list.HasData ? ReadNumber(list) : null;
        list.ThrowIfNotEmpty();
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Name, DER.</summary>
    public ReadOnlyMemory<byte> Issuer { get; }

    public BigInteger? Number { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    public int Count => _revoked.Count;

    /// <returns>False for anything that is not a complete, direct v2 list with a nextUpdate.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out RevocationList? list)
    {
        try
        {
            list = new RevocationList(der);
            return true;
        }
        catch (AsnContentException)
        {
            list = null;
            return false;
        }
    }

    /// <returns>Null when the list does not name the serial number.</returns>
    public RevokedCertificate? Find(ReadOnlySpan<byte> serialNumber) => _revoked.GetValueOrDefault(Key(serialNumber));

    /// <summary>Issued and signed by the holder of this certificate (RFC 5280 §6.3.3 f, g).</summary>
    internal bool IsSignedBy(X509Certificate2 issuer)
    {
        if (_verifiedWith is { } known && known.AsSpan().SequenceEqual(issuer.RawData))
        {
            return true;
        }

        var usage = issuer.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (!Issuer.Span.SequenceEqual(issuer.SubjectName.RawData)
            || (usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))
            || SignatureAlgorithm.Find(_algorithm) is not { } algorithm
            || !PublicKeyVerifier.Verify(issuer.PublicKey, algorithm, _toBeSigned.Span, _signature))
        {
            return false;
        }

        _verifiedWith = issuer.RawData;
        return true;
    }

    private void ReadRevoked(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            var serialNumber = entry.ReadIntegerBytes();
            var revokedAt = Time.Read(entry);
            var reason = entry.HasData ? ReadReason(entry.ReadSequence()) : CrlReason.Unspecified;
            entry.ThrowIfNotEmpty();
            _revoked[Key(serialNumber.Span)] = new RevokedCertificate(serialNumber, revokedAt, reason);
        }
    }

    // RFC 5280 §5.3: certificateIssuer (an indirect list) is critical, so it ends here as any unknown one does.
    private static CrlReason ReadReason(AsnReader extensions)
    {
        var reason = CrlReason.Unspecified;
        while (extensions.HasData)
        {
            var (type, critical, value) = ReadExtension(extensions);
            if (type == Oids.CrlReason)
            {
                reason = new AsnReader(value, AsnEncodingRules.DER).ReadEnumeratedValue<CrlReason>();
                Demand(Enum.IsDefined(reason));
            }
            else
            {
                Demand(!critical);
            }
        }

        return reason;
    }

    // RFC 5280 §5.2: deltas and partitions announce themselves by critical extensions, and are refused by them.
    private static BigInteger? ReadNumber(AsnReader list)
    {
        BigInteger? number = null;
        var extensions = list.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        while (extensions.HasData)
        {
            var (type, critical, value) = ReadExtension(extensions);
            if (type == Oids.CrlNumber)
            {
                number = new AsnReader(value, AsnEncodingRules.DER).ReadInteger();
            }
            else
            {
                Demand(!critical || type == Oids.AuthorityKeyIdentifier);
            }
        }

        return number;
    }

    private static (string Type, bool Critical, byte[] Value) ReadExtension(AsnReader extensions)
    {
        var fields = extensions.ReadSequence();
        var type = fields.ReadObjectIdentifier();
        var critical = fields.PeekTag() == Asn1Tag.Boolean && fields.ReadBoolean();
        var value = fields.ReadOctetString();
        fields.ThrowIfNotEmpty();
        return (type, critical, value);
    }

    private static string Key(ReadOnlySpan<byte> serialNumber) => Convert.ToHexString(serialNumber.TrimStart((byte)0));

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new AsnContentException("Not a list that we can rely on.");
        }
    }
}
