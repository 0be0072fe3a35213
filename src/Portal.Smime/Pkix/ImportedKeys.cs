using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Pkix;

/// <summary>
/// Public keys, imported once: that takes several times as long as a verification. Each is lent to one computation at a time,
/// because .NET does not promise that two may share it.
/// </summary>
/// <param name="capacity">Keys of one generation.</param>
/// <param name="import">Null for a kind that does not compute this.</param>
internal sealed class ImportedKeys(int capacity, Func<PublicKey, AsymmetricAlgorithm?> import)
{
    private readonly TwoGenerations<ContentHash, ConcurrentBag<AsymmetricAlgorithm>> _free = new(capacity);

    /// <summary>RSA and ECDSA.</summary>
    public static ImportedKeys Shared { get; } = new(1024, key => key.Oid.Value switch
    {
        Oids.RsaEncryption => key.GetRSAPublicKey(),
        Oids.EcPublicKey => key.GetECDsaPublicKey(),
        _ => null,
    });

    /// <summary>ECDH.</summary>
    public static ImportedKeys ForAgreement { get; } = new(1024, key => key.Oid.Value == Oids.EcPublicKey ? key.GetECDiffieHellmanPublicKey() : null);

    /// <summary>Computes with a certificate's key.</summary>
    /// <returns>False as well when the key is of another kind.</returns>
    /// <exception cref="CryptographicException">The key cannot be imported, or does not compute this.</exception>
    public bool Use(ParsedCertificate certificate, Func<AsymmetricAlgorithm, bool> compute) => Use(certificate.KeyHash, certificate.Key, compute);

    /// <summary>Computes with a key that comes without a certificate.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo.</param>
    /// <param name="compute">The rest.</param>
    /// <returns>False as well when the key is of another kind.</returns>
    /// <exception cref="CryptographicException">The key cannot be imported, or does not compute this.</exception>
    public bool Use(ReadOnlySpan<byte> publicKey, Func<AsymmetricAlgorithm, bool> compute) =>
        Use(ContentHash.Of(publicKey), PublicKey.CreateFromSubjectPublicKeyInfo(publicKey, out _), compute);

    private bool Use(ContentHash hash, PublicKey? encoded, Func<AsymmetricAlgorithm, bool> compute)
    {
        if (!_free.TryGet(hash, out var free))
        {
            free = _free.Keep(hash, []);
        }

        if (!free.TryTake(out var key))
        {
            key = encoded is null ? null : import(encoded);
        }

        if (key is null)
        {
            return false;
        }

        var result = compute(key);

        // What is dropped, here or with its generation, is freed by its finalizer.
        if (free.Count < Environment.ProcessorCount)
        {
            free.Add(key);
        }

        return result;
    }
}
