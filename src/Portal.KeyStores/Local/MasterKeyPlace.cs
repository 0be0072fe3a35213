using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <param name="secret">Base64, where the setting holds the key itself.</param>
/// <param name="file">Otherwise.</param>
internal sealed class MasterKeyPlace(string? secret, string file) : IMasterKeyPlace
{
    public string Where => secret is null ? $"the file {file}" : "the setting Portal:KeyStores:Local:MasterKey";

    public string? Fingerprint()
    {
        if (Export() is not { } key)
        {
            return null;
        }

        using var master = MasterKey.Over(key);
        return master.Fingerprint;
    }

    public byte[]? Export()
    {
        if (secret is null)
        {
            return File.Exists(file) ? MasterKeyFile.ReadOrCreate(file) : null;
        }

        // Says in words what is wrong with it.
        MasterKey.FromSecret(secret).Dispose();
        return Convert.FromBase64String(secret);
    }

    public void Import(ReadOnlySpan<byte> secretBytes)
    {
        if (secret is not null || File.Exists(file) || secretBytes.Length != MasterKey.Length)
        {
            throw new KeyStoreException(KeyStoreFailure.Refused, $"A master key of {MasterKey.Length} bytes can be put only where there is none yet, and {Where} is taken.");
        }

        var copy = secretBytes.ToArray();
        MasterKeyFile.Create(file, copy);
        CryptographicOperations.ZeroMemory(copy);
    }
}
