using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace Portal.Smime.Keys;

/// <summary>The password of a file, and how much it may cost to try it. What a key is derived from: UTF-8 by PBES2 (RFC 8018 §3), UTF-16 with two zero octets at its end by PKCS#12's own way (RFC 7292 appendix B.1).</summary>
internal sealed class FilePassword(char[] characters)
{
    /// <summary>Of all derivations of a file together: less than a second. Software writes thousands, at most a few hundred thousand, for each of three.</summary>
    private const int MostWork = 3_000_000;

    /// <summary>What an iteration costs by PKCS#12's own way, which the library computes, against PBKDF2, which libcrypto does.</summary>
    private const int WorkOfOwnWay = 2;

    /// <summary>What PBKDF2 computes with (RFC 8018 appendix B.1.2).</summary>
    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new(StringComparer.Ordinal)
    {
        [PkcsObjectIdentifiers.IdHmacWithSha1.Id] = HashAlgorithmName.SHA1,
        [PkcsObjectIdentifiers.IdHmacWithSha256.Id] = HashAlgorithmName.SHA256,
        [PkcsObjectIdentifiers.IdHmacWithSha384.Id] = HashAlgorithmName.SHA384,
        [PkcsObjectIdentifiers.IdHmacWithSha512.Id] = HashAlgorithmName.SHA512,
    };

    /// <summary>Octets of what it encrypts with.</summary>
    private static readonly Dictionary<string, int> KeyLengths = new(StringComparer.Ordinal)
    {
        [NistObjectIdentifiers.IdAes128Cbc.Id] = 16,
        [NistObjectIdentifiers.IdAes192Cbc.Id] = 24,
        [NistObjectIdentifiers.IdAes256Cbc.Id] = 32,
        [PkcsObjectIdentifiers.DesEde3Cbc.Id] = 24,
    };

    private int _work;

    /// <summary>Some software writes an empty password with those two octets, some without.</summary>
    private bool _isEmptyWithEnd;

    public bool Fits(MacData mac, byte[] content)
    {
        Count(mac.Iterations.Value, WorkOfOwnWay);
        if (Computes(mac, content))
        {
            return true;
        }

        _isEmptyWithEnd = characters.Length == 0;
        return _isEmptyWithEnd && Computes(mac, content);
    }

    public byte[] Decrypt(EncryptedPrivateKeyInfo key) => Decrypt(key.EncryptionAlgorithm, key.GetEncryptedData());

    public byte[] Decrypt(AlgorithmIdentifier algorithm, byte[] content)
    {
        if (algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2))
        {
            var scheme = PbeS2Parameters.GetInstance(algorithm.Parameters);
            return Decrypt((IBufferedCipher)PbeUtilities.CreateEngine(algorithm), Derived(scheme), content);
        }

        // A key, and a vector.
        Count(Pkcs12PbeParams.GetInstance(algorithm.Parameters).Iterations, 2 * WorkOfOwnWay);
        return Decrypt((IBufferedCipher)PbeUtilities.CreateEngine(algorithm), PbeUtilities.GenerateCipherParameters(algorithm, characters, _isEmptyWithEnd), content);
    }

    private static byte[] Decrypt(IBufferedCipher cipher, ICipherParameters parameters, byte[] content)
    {
        cipher.Init(false, parameters);
        return cipher.DoFinal(content);
    }

    // RFC 8018 §5.2.
    private ICipherParameters Derived(PbeS2Parameters scheme)
    {
        var (derivation, cipher) = (Pbkdf2Params.GetInstance(scheme.KeyDerivationFunc.Parameters), scheme.EncryptionScheme);
        Demand(scheme.KeyDerivationFunc.Algorithm.Equals(PkcsObjectIdentifiers.IdPbkdf2));
        Count(derivation.IterationCount, work: 1);
        var (hash, length) = (Hashes.GetValueOrDefault(derivation.Prf.Algorithm.Id), KeyLengths.GetValueOrDefault(cipher.Algorithm.Id));
        Demand(hash.Name is not null && length > 0);
        var secret = Encoding.UTF8.GetBytes(characters);
        var key = Rfc2898DeriveBytes.Pbkdf2(secret, derivation.GetSalt(), derivation.IterationCount.IntValueExact, hash, length);
        CryptographicOperations.ZeroMemory(secret);
        return ParameterUtilities.GetCipherParameters(cipher.Algorithm, ParameterUtilities.CreateKeyParameter(cipher.Algorithm, key), cipher.Parameters.ToAsn1Object());
    }

    private void Count(BigInteger iterations, int work)
    {
        Demand(iterations.SignValue > 0 && iterations.BitLength < 31);
        _work = (int)Math.Min(int.MaxValue, _work + ((long)iterations.IntValueExact * work));
        Demand(_work <= MostWork);
    }

    // RFC 7292 §4, appendix B.
    private bool Computes(MacData mac, byte[] content)
    {
        var digest = DigestUtilities.GetDigest(mac.Mac.DigestAlgorithm.Algorithm);
        var derivation = new Pkcs12ParametersGenerator(digest);
        derivation.Init(PbeParametersGenerator.Pkcs12PasswordToBytes(characters, _isEmptyWithEnd), mac.MacSalt.GetOctets(), mac.Iterations.IntValueExact);
        var hmac = new HMac(digest);
        hmac.Init(derivation.GenerateDerivedMacParameters(8 * digest.GetDigestSize()));
        return CryptographicOperations.FixedTimeEquals(MacUtilities.DoFinal(hmac, content), mac.Mac.Digest.GetOctets());
    }

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new CryptographicException("Not as it has to be.");
        }
    }
}
