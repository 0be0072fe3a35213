using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

internal enum SignatureFamily
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,
}

/// <summary>What a signatureAlgorithm field means, when we accept it at all.</summary>
/// <param name="Family">The kind of key and computation.</param>
/// <param name="Hash">SHA-256 or better; SHA-512 inside Ed25519.</param>
/// <param name="SaltLength">Bytes; PSS only.</param>
internal sealed record SignatureAlgorithm(SignatureFamily Family, HashAlgorithmName Hash, int SaltLength = 0)
{
    private const int LongestSalt = 512;

    /// <summary>Of a certificate or revocation list, where the identifier names the digest as well.</summary>
    public static SignatureAlgorithm? Find(AlgorithmIdentifier identifier) => identifier.Algorithm switch
    {
        Oids.Sha256WithRsa when identifier.HasNoParameters => new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA256),
        Oids.Sha384WithRsa when identifier.HasNoParameters => new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA384),
        Oids.Sha512WithRsa when identifier.HasNoParameters => new(SignatureFamily.RsaPkcs1, HashAlgorithmName.SHA512),
        Oids.EcdsaWithSha256 when identifier.HasNoParameters => new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA256),
        Oids.EcdsaWithSha384 when identifier.HasNoParameters => new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA384),
        Oids.EcdsaWithSha512 when identifier.HasNoParameters => new(SignatureFamily.Ecdsa, HashAlgorithmName.SHA512),
        Oids.Ed25519 when identifier.HasNoParameters => new(SignatureFamily.Ed25519, HashAlgorithmName.SHA512),
        Oids.RsassaPss => TryReadPss(identifier),
        _ => null,
    };

    /// <summary>Of a SignerInfo: RFC 3370 §3.2 lets rsaEncryption stand for PKCS#1 with the digest named beside it; any other must agree with it.</summary>
    public static SignatureAlgorithm? Find(AlgorithmIdentifier identifier, HashAlgorithmName digest)
    {
        if (identifier.Algorithm == Oids.RsaEncryption)
        {
            return identifier.HasNoParameters ? new(SignatureFamily.RsaPkcs1, digest) : null;
        }

        var found = Find(identifier);
        return found?.Hash == digest ? found : null;
    }

    // A list or certificate with parameters that are none is one that we do not accept, and no reason to give up on others.
    private static SignatureAlgorithm? TryReadPss(AlgorithmIdentifier identifier)
    {
        try
        {
            return ReadPss(identifier);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // RFC 4055 §3.1. SHA-1 is the default everywhere, so what is absent is refused.
    private static SignatureAlgorithm? ReadPss(AlgorithmIdentifier identifier)
    {
        if (identifier.Parameters is not { } parameters)
        {
            return null;
        }

        var fields = new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence();
        if (ReadExplicit(fields, 0) is not { } hashField || ReadExplicit(fields, 1) is not { } maskField)
        {
            return null;
        }

        var salt = 20;
        if (ReadExplicit(fields, 2) is { } saltField && !saltField.TryReadInt32(out salt))
        {
            return null;
        }

        var trailer = 1;
        if (ReadExplicit(fields, 3) is { } trailerField && !trailerField.TryReadInt32(out trailer))
        {
            return null;
        }

        var hash = DigestAlgorithms.Find(AlgorithmIdentifier.Read(hashField));
        var mask = AlgorithmIdentifier.Read(maskField);
        if (hash is not { } name || mask.Algorithm != Oids.Mgf1 || mask.Parameters is not { } maskHash || trailer != 1)
        {
            return null;
        }

        var sameHash = DigestAlgorithms.Find(AlgorithmIdentifier.Read(new AsnReader(maskHash, AsnEncodingRules.BER))) == name;
        return sameHash && salt is >= 0 and <= LongestSalt ? new(SignatureFamily.RsaPss, name, salt) : null;
    }

    private static AsnReader? ReadExplicit(AsnReader fields, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
        return fields.HasData && fields.PeekTag() == tag ? fields.ReadSequence(tag) : null;
    }
}
