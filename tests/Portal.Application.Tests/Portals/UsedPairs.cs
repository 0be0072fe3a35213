using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Application.Tests.Portals;

/// <summary>RSA pairs that earlier portals had too, none twice in one portal: a pair takes a second to make.</summary>
internal sealed class UsedPairs
{
    private static readonly ConcurrentDictionary<(KeyAlgorithm Algorithm, int Number), Lazy<byte[]>> Made = new();
    private int _given;

    public AsymmetricAlgorithm Next(KeyAlgorithm algorithm)
    {
        if (algorithm is not (KeyAlgorithm.Rsa2048 or KeyAlgorithm.Rsa3072))
        {
            return SoftwareKey.NewPair(algorithm);
        }

        var pkcs8 = Made.GetOrAdd((algorithm, Interlocked.Increment(ref _given)), _ => new(() =>
        {
            using var made = SoftwareKey.NewPair(algorithm);
            return made.ExportPkcs8PrivateKey();
        })).Value;
        var pair = RSA.Create();
        pair.ImportPkcs8PrivateKey(pkcs8, out _);
        return pair;
    }
}
