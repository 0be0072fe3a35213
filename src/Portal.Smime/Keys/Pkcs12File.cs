using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;

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
        using var material = new KeyMaterial();
        try
        {
            ReadInto(material, file, new FilePassword(characters));
            return material.Pairs()
                .Select((pair, index) => new Pkcs12Entry(pair.Certificate, SoftwareKey.Import(pair.PrivateKeyInfo, new KeyReference("file", "key", $"{index + 1}")), pair.Chain))
                .ToList();
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

    /// <summary>Throws whatever the depths of a library throw.</summary>
    internal static void ReadInto(KeyMaterial material, byte[] file, FilePassword password)
    {
        // The library's store knows entries by their names, of which two keys may have the same, and PBES2 by passwords in ASCII: hence by hand.
        var pfx = Pfx.GetInstance(file);
        var content = Octets(pfx.AuthSafe.Content);
        if (pfx.MacData is { } mac && !password.Fits(mac, content))
        {
            throw new CryptographicException("Not as it has to be.");
        }

        foreach (var safe in Asn1Sequence.GetInstance(content).Select(ContentInfo.GetInstance))
        {
            var contents = safe.ContentType.Equals(PkcsObjectIdentifiers.EncryptedData)
                ? Decrypt(password, EncryptedData.GetInstance(safe.Content))
                : Octets(safe.Content);
            foreach (var bag in Asn1Sequence.GetInstance(contents).Select(SafeBag.GetInstance))
            {
                Read(material, password, bag);
            }
        }
    }

    private static void Read(KeyMaterial material, FilePassword password, SafeBag bag)
    {
        if (bag.BagID.Equals(PkcsObjectIdentifiers.CertBag))
        {
            material.Add(X509CertificateLoader.LoadCertificate(Octets(CertBag.GetInstance(bag.BagValue).CertValue)));
        }
        else if (bag.BagID.Equals(PkcsObjectIdentifiers.KeyBag))
        {
            material.Add(bag.BagValue.ToAsn1Object().GetDerEncoded());
        }
        else if (bag.BagID.Equals(PkcsObjectIdentifiers.Pkcs8ShroudedKeyBag))
        {
            material.Add(password.Decrypt(EncryptedPrivateKeyInfo.GetInstance(bag.BagValue)));
        }
    }

    private static byte[] Octets(Asn1Encodable content) => Asn1OctetString.GetInstance(content).GetOctets();

    private static byte[] Decrypt(FilePassword password, EncryptedData data) => password.Decrypt(data.EncryptionAlgorithm, data.Content.GetOctets());
}
