using System.Formats.Asn1;
using System.Runtime.CompilerServices;

namespace Portal.Smime.Pkix;

internal enum SignatureOutcome
{
    Right,
    Wrong,

    /// <summary>An algorithm that we do not compute with, or no longer.</summary>
    Weak,

    /// <summary>There has been enough of it.</summary>
    Exhausted,
}

/// <summary>The frame that certificates, lists, OCSP responses and requests share: what is signed, how, and the signature.</summary>
internal sealed class SignedBytes
{
    private StrongBox<ContentHash>? _hash;

    private SignedBytes(ReadOnlyMemory<byte> encoded, AsnReader fields)
    {
        Encoded = encoded;
        ToBeSigned = fields.ReadEncodedValue();
        AlgorithmEncoded = fields.PeekEncodedValue();
        Algorithm = AlgorithmIdentifier.Read(fields);
        Signature = fields.TryReadPrimitiveBitString(out var unusedBits, out var signature) && unusedBits == 0
            ? signature
            : throw new AsnContentException("Not a signature.");
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    public ReadOnlyMemory<byte> ToBeSigned { get; }

    public AlgorithmIdentifier Algorithm { get; }

    public ReadOnlyMemory<byte> AlgorithmEncoded { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    // Boxed: what several threads may set has to be one reference.
    private ContentHash Hash => (_hash ??= new StrongBox<ContentHash>(ContentHash.Of(Encoded.Span))).Value;

    /// <exception cref="AsnContentException">Not such a frame, or followed by something.</exception>
    public static SignedBytes Read(ReadOnlyMemory<byte> encoded)
    {
        var signed = Read(encoded, out var rest);
        rest.ThrowIfNotEmpty();
        return signed;
    }

    /// <param name="encoded">The whole.</param>
    /// <param name="rest">What follows the signature inside the frame.</param>
    /// <exception cref="AsnContentException">Not such a frame, or followed by something.</exception>
    public static SignedBytes Read(ReadOnlyMemory<byte> encoded, out AsnReader rest)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        rest = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        return new SignedBytes(encoded, rest);
    }

    /// <param name="issuer">Whose key.</param>
    /// <param name="remember">For structures that come again and again: not for people's certificates.</param>
    /// <param name="effort">Counted here.</param>
    public SignatureOutcome VerifyWith(ParsedCertificate issuer, bool remember, ValidationEffort effort)
    {
        if (!effort.TryStep())
        {
            return SignatureOutcome.Exhausted;
        }

        if (SignatureAlgorithm.Find(Algorithm) is not { } algorithm || issuer.Key is null || issuer.Strength == KeyStrength.Unsupported)
        {
            return SignatureOutcome.Weak;
        }

        if (remember && VerificationMemory.Shared.Holds(Hash, issuer.KeyHash))
        {
            return SignatureOutcome.Right;
        }

        effort.CountVerification();
        if (!PublicKeyVerifier.Verify(issuer, algorithm, ToBeSigned.Span, Signature))
        {
            return SignatureOutcome.Wrong;
        }

        if (remember)
        {
            VerificationMemory.Shared.Remember(Hash, issuer.KeyHash);
        }

        return SignatureOutcome.Right;
    }
}
