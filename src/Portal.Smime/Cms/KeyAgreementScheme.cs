using System.Security.Cryptography;

namespace Portal.Smime.Cms;

/// <summary>How a shared secret becomes a key-encryption key: X9.63's function (RFC 5753 §7.1.4) or HKDF (RFC 8418 §2.2).</summary>
/// <param name="Hash">Of the derivation.</param>
/// <param name="IsHkdf">For X25519.</param>
internal sealed record KeyAgreementScheme(HashAlgorithmName Hash, bool IsHkdf)
{
    /// <summary>Cofactor variants included: the curves that we compute with have cofactor 1.</summary>
    /// <returns>Null for a scheme that we do not know.</returns>
    public static KeyAgreementScheme? Find(string objectIdentifier) => objectIdentifier switch
    {
        Oids.EcdhSha1Kdf or Oids.CofactorEcdhSha1Kdf => new(HashAlgorithmName.SHA1, false),
        Oids.EcdhSha256Kdf or Oids.CofactorEcdhSha256Kdf => new(HashAlgorithmName.SHA256, false),
        Oids.EcdhSha384Kdf or Oids.CofactorEcdhSha384Kdf => new(HashAlgorithmName.SHA384, false),
        Oids.EcdhSha512Kdf or Oids.CofactorEcdhSha512Kdf => new(HashAlgorithmName.SHA512, false),
        Oids.EcdhHkdfSha256 => new(HashAlgorithmName.SHA256, true),
        Oids.EcdhHkdfSha384 => new(HashAlgorithmName.SHA384, true),
        Oids.EcdhHkdfSha512 => new(HashAlgorithmName.SHA512, true),
        _ => null,
    };

    /// <param name="secret">Raw shared secret.</param>
    /// <param name="sharedInformation">ECC-CMS-SharedInfo, DER.</param>
    /// <param name="length">Bytes.</param>
    public byte[] Derive(ReadOnlySpan<byte> secret, byte[] sharedInformation, int length)
    {
        if (!IsHkdf)
        {
            return DeriveX963(secret, sharedInformation, length);
        }

        // RFC 8418 §2.2: no salt.
        var key = new byte[length];
        HKDF.DeriveKey(Hash, secret, key, [], sharedInformation);
        return key;
    }

    // SEC 1 §3.6.1: Hash(secret ‖ counter ‖ SharedInfo), as often as needed.
    private byte[] DeriveX963(ReadOnlySpan<byte> secret, byte[] sharedInformation, int length)
    {
        var key = new byte[length];
        using var hash = IncrementalHash.CreateHash(Hash);
        for (var (written, counter) = (0, 1); written < length; counter++)
        {
            hash.AppendData(secret);
            hash.AppendData([0, 0, 0, (byte)counter]);
            hash.AppendData(sharedInformation);
            var block = hash.GetHashAndReset();
            var taken = Math.Min(block.Length, length - written);
            block.AsSpan(0, taken).CopyTo(key.AsSpan(written));
            CryptographicOperations.ZeroMemory(block);
            written += taken;
        }

        return key;
    }
}
