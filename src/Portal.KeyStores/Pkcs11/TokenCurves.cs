using System.Formats.Asn1;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>Curves and points as PKCS#11 has them (v2.40, mechanisms, §2.3): CKA_EC_PARAMS and CKA_EC_POINT.</summary>
internal static class TokenCurves
{
    private const byte Uncompressed = 0x04;

    /// <summary>DER object identifier.</summary>
    public static byte[] Parameters(KeyAlgorithm algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(Curve(algorithm).Oid.Value!);
        return writer.Encode();
    }

    /// <param name="parameters">CKA_EC_PARAMS, a named curve.</param>
    /// <param name="point">CKA_EC_POINT: a DER OCTET STRING, or the bare point as some tokens have it.</param>
    /// <returns>DER SubjectPublicKeyInfo.</returns>
    public static byte[] SubjectPublicKeyInfo(byte[] parameters, byte[] point)
    {
        var bare = point[0] == Uncompressed && point.Length % 2 == 1 && !IsOctetString(point) ? point : AsnDecoder.ReadOctetString(point, AsnEncodingRules.BER, out _);
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromValue(AsnDecoder.ReadObjectIdentifier(parameters, AsnEncodingRules.DER, out _)),
            Q = new ECPoint { X = bare[1..(1 + (bare.Length / 2))], Y = bare[(1 + (bare.Length / 2))..] },
        });
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The peer's point when it is one of this curve.</summary>
    /// <param name="parameters">CKA_EC_PARAMS of our key.</param>
    /// <param name="subjectPublicKeyInfo">Of the peer, DER.</param>
    /// <returns>Uncompressed; null for a point of another curve, or of none.</returns>
    public static byte[]? PeerPoint(byte[] parameters, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        using var peer = ECDiffieHellman.Create();
        try
        {
            peer.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
            var point = peer.ExportParameters(false);
            var mine = AsnDecoder.ReadObjectIdentifier(parameters, AsnEncodingRules.DER, out _);
            return read == subjectPublicKeyInfo.Length && point.Curve.IsNamed && point.Curve.Oid.Value == mine ? [Uncompressed, .. point.Q.X!, .. point.Q.Y!] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsOctetString(byte[] point)
    {
        try
        {
            AsnDecoder.ReadOctetString(point, AsnEncodingRules.BER, out var read);
            return read == point.Length;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static ECCurve Curve(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.P256 => ECCurve.NamedCurves.nistP256,
        KeyAlgorithm.P384 => ECCurve.NamedCurves.nistP384,
        KeyAlgorithm.P521 => ECCurve.NamedCurves.nistP521,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
