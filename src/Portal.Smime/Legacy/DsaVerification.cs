using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Legacy;

/// <summary>DSA (RFC 3370 §3.1), whose keys may leave their parameters to the issuer's (RFC 3279 §2.3.2).</summary>
internal static class DsaVerification
{
    /// <summary>Bytes; no standard has more than 3072 bits (FIPS 186-4 §4.2), and what a stranger makes longer costs us time.</summary>
    private const int LongestPrime = 512;

    /// <param name="certificate">With a DSA key.</param>
    /// <param name="others">Where its issuer may be found.</param>
    /// <param name="digest">What was signed.</param>
    /// <param name="signature">DER.</param>
    public static bool Verify(
        X509Certificate2 certificate,
        IEnumerable<X509Certificate2> others,
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> signature)
    {
        try
        {
            if (Key(certificate, others) is not { } key)
            {
                return false;
            }

            using var dsa = DSA.Create(key);
            return dsa.VerifySignature(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or ArgumentException)
        {
            return false;
        }
    }

    private static DSAParameters? Key(X509Certificate2 certificate, IEnumerable<X509Certificate2> others)
    {
        var issuers = others.Where(other => other.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData));
        foreach (var holder in issuers.Prepend(certificate))
        {
            if (holder.PublicKey.Oid.Value == Oids.Dsa && holder.PublicKey.EncodedParameters?.RawData is [0x30, ..] encoded)
            {
                var fields = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
                var (p, q, g) = (Unsigned(fields), Unsigned(fields), Unsigned(fields));
                if (p.Length > LongestPrime)
                {
                    return null;
                }

                var y = Unsigned(new AsnReader(certificate.PublicKey.EncodedKeyValue.RawData, AsnEncodingRules.DER));
                return new DSAParameters { P = p, Q = q, G = Padded(g, p.Length), Y = Padded(y, p.Length) };
            }
        }

        return null;
    }

    private static byte[] Unsigned(AsnReader fields) => fields.ReadIntegerBytes().Span.TrimStart((byte)0).ToArray();

    private static byte[] Padded(byte[] value, int length) => [.. new byte[Math.Max(0, length - value.Length)], .. value];
}
