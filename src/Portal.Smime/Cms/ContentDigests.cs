using System.Security.Cryptography;
using Portal.Smime.Legacy;
using Portal.Smime.Pkix;

namespace Portal.Smime.Cms;

/// <summary>Hashes content once with every digest that a SignedData announces and that we can compute.</summary>
internal sealed class ContentDigests : IDisposable
{
    private readonly Dictionary<HashAlgorithmName, IncrementalHash> _running = [];
    private readonly Dictionary<HashAlgorithmName, byte[]> _values = [];
    private bool _any;

    private ContentDigests()
    {
    }

    /// <summary>The content could be read as a SET, hence as signed attributes.</summary>
    public bool BeginsLikeAttributes { get; private set; }

    public static ContentDigests For(IEnumerable<AlgorithmIdentifier> digestAlgorithms)
    {
        var digests = new ContentDigests();
        foreach (var hash in digestAlgorithms.Select(Find).OfType<HashAlgorithmName>().Distinct())
        {
            digests._running.Add(hash, IncrementalHash.CreateHash(hash));
        }

        return digests;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        if (!_any && content.Length > 0)
        {
            _any = true;
            BeginsLikeAttributes = content[0] == ContentInfo.Set;
        }

        foreach (var hash in _running.Values)
        {
            hash.AppendData(content);
        }
    }

    /// <summary>Ends hashing; nothing can be appended any more.</summary>
    public void Complete()
    {
        foreach (var (name, hash) in _running)
        {
            _values[name] = hash.GetHashAndReset();
        }

        Dispose();
    }

    public static HashAlgorithmName? Find(AlgorithmIdentifier identifier) =>
        DigestAlgorithms.Find(identifier) ?? LegacyAlgorithms.FindDigest(identifier);

    /// <returns>Null for a digest that was not announced.</returns>
    public byte[]? Find(HashAlgorithmName hash) => _values.GetValueOrDefault(hash);

    public void Dispose()
    {
        foreach (var hash in _running.Values)
        {
            hash.Dispose();
        }

        _running.Clear();
    }
}
