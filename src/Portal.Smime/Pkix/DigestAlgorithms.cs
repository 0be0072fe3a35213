using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

/// <summary>RFC 5754 §2: the digests that may carry a signature.</summary>
internal static class DigestAlgorithms
{
    /// <returns>Null for a digest that is weak or unknown.</returns>
    public static HashAlgorithmName? Find(AlgorithmIdentifier identifier) =>
        identifier.HasNoParameters ? Find(identifier.Algorithm) : null;

    public static HashAlgorithmName? Find(string objectIdentifier) => objectIdentifier switch
    {
        Oids.Sha256 => HashAlgorithmName.SHA256,
        Oids.Sha384 => HashAlgorithmName.SHA384,
        Oids.Sha512 => HashAlgorithmName.SHA512,
        _ => null,
    };

    /// <summary>RFC 5754 §2: absent parameters.</summary>
    public static AlgorithmIdentifier Identifier(HashAlgorithmName hash) => AlgorithmIdentifier.WithoutParameters(ObjectIdentifier(hash));

    public static string ObjectIdentifier(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA256) => Oids.Sha256,
        nameof(HashAlgorithmName.SHA384) => Oids.Sha384,
        nameof(HashAlgorithmName.SHA512) => Oids.Sha512,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    /// <summary>Bytes.</summary>
    public static int Length(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA256) => SHA256.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA384) => SHA384.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA512) => SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };
}
