using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Portal.Smime.Keys;

/// <param name="Certificate">Of the key.</param>
/// <param name="Key">For the caller to dispose.</param>
/// <param name="Chain">Further certificates of the file that lead up from it.</param>
public sealed record Pkcs12Entry(X509Certificate2 Certificate, SoftwareKey Key, IReadOnlyList<X509Certificate2> Chain);

/// <summary>Reads PKCS#12 (RFC 7292), whatever it is encrypted with: the files that people have are old.</summary>
public static class Pkcs12File
{
    /// <summary>Of all derivations of a file together: some seconds. Software writes thousands, at most a few hundred thousand, for each of three.</summary>
    private const int MostIterations = 3_000_000;

    /// <summary>Keys, certificates and whatever else a file may hold.</summary>
    private const int MostBags = 1000;

    /// <param name="file">PFX.</param>
    /// <param name="password">Empty for none.</param>
    /// <returns>Keys with their certificates; a key without one is left out.</returns>
    /// <exception cref="CryptographicException">Not such a file, or the password is wrong: in words.</exception>
    public static IReadOnlyList<Pkcs12Entry> Read(byte[] file, ReadOnlySpan<char> password)
    {
        var characters = password.ToArray();
        try
        {
            // The library's store knows entries by their names, of which two keys may have the same, and PBES2 by passwords in ASCII: hence by hand.
            var pfx = Pfx.GetInstance(file);
            var content = Octets(pfx.AuthSafe.Content);
            var secret = new Password(characters);
            Demand(pfx.MacData is not { } mac || secret.Fits(mac, content));
            var bags = new Bags(secret);
            bags.Read(content);
            return bags.Entries();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library throws whatever its depths throw.
            throw new CryptographicException("It is no PKCS#12 file, or the password is wrong.", exception);
        }
        finally
        {
            Array.Clear(characters);
        }
    }

    private static byte[] Octets(Asn1Encodable content) => Asn1OctetString.GetInstance(content).GetOctets();

    private static void Demand(bool condition)
    {
        if (!condition)
        {
            throw new CryptographicException("Not as it has to be.");
        }
    }

    /// <summary>What a key is derived from: UTF-8 by PBES2 (RFC 8018 §3), UTF-16 with two zero octets at its end by PKCS#12's own way (RFC 7292 appendix B.1).</summary>
    private sealed class Password(char[] characters)
    {
        private int _iterations;

        /// <summary>Some software writes an empty password with those two octets, some without.</summary>
        private bool _isEmptyWithEnd;

        public bool Fits(MacData mac, byte[] content)
        {
            Count(mac.Iterations.Value);
            if (Computes(mac, content))
            {
                return true;
            }

            _isEmptyWithEnd = characters.Length == 0;
            return _isEmptyWithEnd && Computes(mac, content);
        }

        public ICipherParameters Parameters(AlgorithmIdentifier algorithm) => PbeUtilities.GenerateCipherParameters(algorithm, For(algorithm), _isEmptyWithEnd);

        public PrivateKeyInfo Decrypt(EncryptedPrivateKeyInfo key) => PrivateKeyInfoFactory.CreatePrivateKeyInfo(For(key.EncryptionAlgorithm), _isEmptyWithEnd, key);

        private char[] For(AlgorithmIdentifier algorithm)
        {
            var isPbes2 = algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2);
            var iterations = isPbes2
                ? Pbkdf2Params.GetInstance(PbeS2Parameters.GetInstance(algorithm.Parameters).KeyDerivationFunc.Parameters).IterationCount
                : Pkcs12PbeParams.GetInstance(algorithm.Parameters).Iterations;
            Count(iterations);

            // The library takes each character for one octet.
            return isPbes2 ? Array.ConvertAll(Encoding.UTF8.GetBytes(characters), octet => (char)octet) : characters;
        }

        private void Count(BigInteger iterations)
        {
            Demand(iterations.SignValue > 0 && iterations.BitLength < 31);
            _iterations = (int)Math.Min(int.MaxValue, (long)_iterations + iterations.IntValueExact);
            Demand(_iterations <= MostIterations);
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
    }

    private sealed class Bags(Password password)
    {
        private readonly List<SoftwareKey> _keys = [];
        private readonly List<X509Certificate2> _certificates = [];
        private int _count;

        public void Read(byte[] authenticatedSafe)
        {
            foreach (var safe in Asn1Sequence.GetInstance(authenticatedSafe).Select(ContentInfo.GetInstance))
            {
                var contents = safe.ContentType.Equals(PkcsObjectIdentifiers.EncryptedData)
                    ? Decrypt(EncryptedData.GetInstance(safe.Content))
                    : Octets(safe.Content);
                foreach (var bag in Asn1Sequence.GetInstance(contents).Select(SafeBag.GetInstance))
                {
                    Read(bag);
                }
            }
        }

        public List<Pkcs12Entry> Entries()
        {
            var entries = new List<Pkcs12Entry>();
            foreach (var key in _keys)
            {
                var publicKey = key.SubjectPublicKeyInfo();
                var certificate = _certificates.Find(one => one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey));
                if (certificate is null)
                {
                    key.Dispose();
                    continue;
                }

                entries.Add(new Pkcs12Entry(certificate, key, Chain(certificate)));
            }

            return entries;
        }

        private void Read(SafeBag bag)
        {
            Demand(++_count <= MostBags);
            if (bag.BagID.Equals(PkcsObjectIdentifiers.CertBag))
            {
                _certificates.Add(X509CertificateLoader.LoadCertificate(Octets(CertBag.GetInstance(bag.BagValue).CertValue)));
            }
            else if (bag.BagID.Equals(PkcsObjectIdentifiers.KeyBag))
            {
                Keep(PrivateKeyInfo.GetInstance(bag.BagValue));
            }
            else if (bag.BagID.Equals(PkcsObjectIdentifiers.Pkcs8ShroudedKeyBag))
            {
                Keep(password.Decrypt(EncryptedPrivateKeyInfo.GetInstance(bag.BagValue)));
            }
        }

        private void Keep(PrivateKeyInfo info)
        {
            var pkcs8 = info.GetDerEncoded();
            _keys.Add(SoftwareKey.Import(pkcs8, new KeyReference("file", "key", $"{_keys.Count + 1}")));
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        private List<X509Certificate2> Chain(X509Certificate2 certificate)
        {
            var chain = new List<X509Certificate2>();
            for (var last = certificate; _certificates.Find(one => IsIssuer(one, last) && one != certificate && !chain.Contains(one)) is { } issuer; last = issuer)
            {
                chain.Add(issuer);
            }

            return chain;
        }

        private static bool IsIssuer(X509Certificate2 issuer, X509Certificate2 of) => issuer.SubjectName.RawData.AsSpan().SequenceEqual(of.IssuerName.RawData);

        private byte[] Decrypt(EncryptedData data)
        {
            var engine = (IBufferedCipher)PbeUtilities.CreateEngine(data.EncryptionAlgorithm);
            engine.Init(false, password.Parameters(data.EncryptionAlgorithm));
            return engine.DoFinal(data.Content.GetOctets());
        }
    }
}
