using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>What is made of a SubjectPublicKeyInfo, all at once: one reference is seen whole by every thread, or not at all.</summary>
/// <param name="Key">Null when no key can be made of it.</param>
/// <param name="Strength">Unsupported without a key.</param>
/// <param name="Hash">Of the whole encoding.</param>
/// <param name="Bits">subjectPublicKey without tag, length and unused bits: what OCSP hashes.</param>
internal sealed record SubjectKey(PublicKey? Key, KeyStrength Strength, ContentHash Hash, ReadOnlyMemory<byte> Bits)
{
    public static SubjectKey Read(ReadOnlyMemory<byte> subjectPublicKeyInfo)
    {
        var key = ReadKey(subjectPublicKeyInfo.Span);
        return new SubjectKey(
            key,
            key?.Strength() ?? KeyStrength.Unsupported,
            ContentHash.Of(subjectPublicKeyInfo.Span),
            ReadBits(subjectPublicKeyInfo));
    }

    private static PublicKey? ReadKey(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        try
        {
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out var read);
            return read == subjectPublicKeyInfo.Length ? key : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> ReadBits(ReadOnlyMemory<byte> subjectPublicKeyInfo)
    {
        try
        {
            var fields = new AsnReader(subjectPublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
            fields.ReadEncodedValue();
            return fields.TryReadPrimitiveBitString(out _, out var bits) ? bits : default;
        }
        catch (AsnContentException)
        {
            return default;
        }
    }
}
