using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Portal.Smime.Pkix;

/// <summary>
/// Public keys, imported once: that takes several times as long as a verification. Each is lent to one computation at a time,
/// because .NET does not promise that two may share it.
/// </summary>
/// <param name="capacity">Keys of one generation.</param>
internal sealed class ImportedKeys(int capacity)
{
    private readonly TwoGenerations<ContentHash, ConcurrentBag<AsymmetricAlgorithm>> _free = new(capacity);

    public static ImportedKeys Shared { get; } = new(1024);

    /// <summary>Computes with a certificate's RSA or elliptic-curve key.</summary>
    /// <returns>False as well when the key is of another kind.</returns>
    /// <exception cref="CryptographicException">The key cannot be imported, or does not compute this.</exception>
    public bool Use(ParsedCertificate certificate, Func<AsymmetricAlgorithm, bool> compute)
    {
        if (!_free.TryGet(certificate.KeyHash, out var free))
        {
            free = _free.Keep(certificate.KeyHash, []);
        }

        if (!free.TryTake(out var key) && Import(certificate) is { } imported)
        {
            key = imported;
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

    private static AsymmetricAlgorithm? Import(ParsedCertificate certificate) => certificate.Key switch
    {
        { Oid.Value: Oids.RsaEncryption } rsa => rsa.GetRSAPublicKey(),
        { Oid.Value: Oids.EcPublicKey } curve => curve.GetECDsaPublicKey(),
        _ => null,
    };
}
