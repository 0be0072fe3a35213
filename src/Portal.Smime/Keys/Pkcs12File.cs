using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
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
    /// <param name="file">PFX.</param>
    /// <param name="password">Empty for none.</param>
    /// <returns>Keys with their certificates; a key without one is left out.</returns>
    /// <exception cref="CryptographicException">Not such a file, or the password is wrong: in words.</exception>
    public static IReadOnlyList<Pkcs12Entry> Read(byte[] file, ReadOnlySpan<char> password)
    {
        var characters = password.ToArray();
        try
        {
            // The store checks the MAC. It knows entries by their names, of which two keys may have the same: hence by hand.
            new Pkcs12StoreBuilder().Build().Load(new MemoryStream(file), characters);
            var bags = new Bags();
            bags.Read(file, characters);
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

    private sealed class Bags
    {
        private readonly List<SoftwareKey> _keys = [];
        private readonly List<X509Certificate2> _certificates = [];

        public void Read(byte[] file, char[] password)
        {
            var safes = Asn1Sequence.GetInstance(Octets(Pfx.GetInstance(file).AuthSafe.Content));
            foreach (var safe in safes.Select(ContentInfo.GetInstance))
            {
                var contents = safe.ContentType.Equals(PkcsObjectIdentifiers.EncryptedData)
                    ? Decrypt(EncryptedData.GetInstance(safe.Content), password)
                    : Octets(safe.Content);
                foreach (var bag in Asn1Sequence.GetInstance(contents).Select(SafeBag.GetInstance))
                {
                    Read(bag, password);
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

        private void Read(SafeBag bag, char[] password)
        {
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
                Keep(PrivateKeyInfoFactory.CreatePrivateKeyInfo(password, EncryptedPrivateKeyInfo.GetInstance(bag.BagValue)));
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

        private static byte[] Octets(Asn1Encodable content) => Asn1OctetString.GetInstance(content).GetOctets();

        private static byte[] Decrypt(EncryptedData data, char[] password)
        {
            var engine = (Org.BouncyCastle.Crypto.IBufferedCipher)PbeUtilities.CreateEngine(data.EncryptionAlgorithm);
            engine.Init(false, PbeUtilities.GenerateCipherParameters(data.EncryptionAlgorithm, password));
            return engine.DoFinal(data.Content.GetOctets());
        }
    }
}
