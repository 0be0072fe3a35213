using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>A private key in the clear, for as long as one computation takes.</summary>
/// <param name="algorithm">Kind and size.</param>
/// <param name="use">The one thing that it may do.</param>
/// <param name="pkcs8">PrivateKeyInfo (RFC 5208 §5), zeroed on disposal.</param>
internal sealed class UnsealedKey(KeyAlgorithm algorithm, KeyUse use, byte[] pkcs8) : IDisposable
{
    public KeyAlgorithm Algorithm { get; } = algorithm;

    public KeyUse Use { get; } = use;

    public ReadOnlySpan<byte> Pkcs8 => pkcs8;

    public void Dispose() => CryptographicOperations.ZeroMemory(pkcs8);
}
