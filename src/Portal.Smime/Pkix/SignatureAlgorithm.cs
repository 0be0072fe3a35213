using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

internal enum SignatureFamily
{
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,

    /// <summary>Read in old mail only.</summary>
    Dsa,
}

/// <summary>What a signatureAlgorithm field means, when we accept it at all.</summary>
/// <param name="Family">The kind of key and computation.</param>
/// <param name="Hash">SHA-256 or better; SHA-512 inside Ed25519.</param>
/// <param name="SaltLength">Bytes; PSS only.</param>
/// <param name="MaskHash">Of MGF1; PSS only. It carries no weight, so that SHA-1 will do.</param>
internal sealed record SignatureAlgorithm(SignatureFamily Family, HashAlgorithmName Hash, int SaltLength = 0, HashAlgorithmName MaskHash = default)
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
        Oids.RsassaPss => FindPss(identifier) is { } pss && pss.Hash != HashAlgorithmName.SHA1 ? pss : null,
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
    /// <summary>With SHA-1 as well, which is the default: that is for old mail only.</summary>
    public static SignatureAlgorithm? FindPss(AlgorithmIdentifier identifier)
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

    // RFC 4055 §3.1: everything has a default, and that of the digest is SHA-1.
    private static SignatureAlgorithm? ReadPss(AlgorithmIdentifier identifier)
    {
        if (identifier.Parameters is not { } parameters)
        {
            return null;
        }

        var fields = new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence();
        var hash = ReadExplicit(fields, 0) is { } hashField ? FindDigest(AlgorithmIdentifier.Read(hashField)) : HashAlgorithmName.SHA1;
        var mask = ReadExplicit(fields, 1) is { } maskField ? ReadMask(AlgorithmIdentifier.Read(maskField)) : HashAlgorithmName.SHA1;
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

        fields.ThrowIfNotEmpty();
        return hash is { } name && mask is { } maskHash && trailer == 1 && salt is >= 0 and <= LongestSalt
            ? new(SignatureFamily.RsaPss, name, salt, maskHash)
            : null;
    }

    private static HashAlgorithmName? ReadMask(AlgorithmIdentifier mask)
    {
        if (mask is not { Algorithm: Oids.Mgf1, Parameters: { } maskHash })
        {
            return null;
        }

        return FindDigest(AlgorithmIdentifier.Read(new AsnReader(maskHash, AsnEncodingRules.BER)));
    }

    private static HashAlgorithmName? FindDigest(AlgorithmIdentifier identifier) =>
        identifier is { Algorithm: Oids.Sha1, HasNoParameters: true } ? HashAlgorithmName.SHA1 : DigestAlgorithms.Find(identifier);

    private static AsnReader? ReadExplicit(AsnReader fields, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
        return fields.HasData && fields.PeekTag() == tag ? fields.ReadSequence(tag) : null;
    }
}
