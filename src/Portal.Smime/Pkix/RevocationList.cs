using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Portal.Smime.Pkix;

/// <summary>A parsed X.509 v2 revocation list (RFC 5280 §5). Parsed is not verified: that happens against the issuer on a path.</summary>
public sealed class RevocationList
{
    private RevocationList() => throw new NotImplementedException();

    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Name, DER.</summary>
    public ReadOnlyMemory<byte> Issuer { get; }

    public BigInteger? Number { get; }

    public DateTimeOffset ThisUpdate { get; }

    public DateTimeOffset NextUpdate { get; }

    public int Count { get; }

    /// <returns>False for anything that is not a complete, direct v2 list with a nextUpdate.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out RevocationList? list) => throw new NotImplementedException();

    /// <returns>Null when the list does not name the serial number.</returns>
    public RevokedCertificate? Find(ReadOnlySpan<byte> serialNumber) => throw new NotImplementedException();
}
