using System.Security.Cryptography;
using System.Text;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>The one secret under which software keys are sealed. It is never stored beside them.</summary>
public sealed class MasterKey : IDisposable
{
    /// <summary>Bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _secret;

    private MasterKey(byte[] secret)
    {
        _secret = secret;
        Fingerprint = Convert.ToHexStringLower(Derive("portal master key, fingerprint").AsSpan(0, 8));
    }

    /// <param name="base64">Exactly 32 bytes.</param>
    /// <exception cref="KeyStoreException">It is not that.</exception>
    public static MasterKey FromSecret(string base64)
    {
        var secret = new byte[Length];
        if (Convert.TryFromBase64String(base64, secret, out var written) && written == Length)
        {
            return new MasterKey(secret);
        }

        CryptographicOperations.ZeroMemory(secret);
        throw new KeyStoreException(KeyStoreFailure.Refused, "The master key has to be exactly 32 bytes in base64.");
    }

    /// <summary>Reads 32 bytes from a file that only its owner may touch; makes such a file when there is none.</summary>
    /// <exception cref="KeyStoreException">The file is not private, not whole or not reachable.</exception>
    public static MasterKey FromFile(string path) => new(MasterKeyFile.ReadOrCreate(path));

    /// <summary>Tells one master key from another, and nothing else of it.</summary>
    public string Fingerprint { get; }

    /// <param name="secret">32 bytes, which are the key's from now on.</param>
    internal static MasterKey Over(byte[] secret) => new(secret);

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    public override string ToString() => nameof(MasterKey);

    /// <param name="purpose">Different purposes give independent keys (RFC 5869 §3.2).</param>
    /// <returns>32 bytes for the caller to zero.</returns>
    internal byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Length, salt: [], info: Encoding.UTF8.GetBytes(purpose));
}
