using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.Pkcs;
using Portal.Smime.Cms;

namespace Portal.Smime.Keys;

/// <summary>A private key with its certificate, out of files; disposing zeroes the key.</summary>
/// <param name="Certificate">Of the key.</param>
/// <param name="PrivateKeyInfo">DER (RFC 5958).</param>
/// <param name="Chain">Further certificates that lead up from it.</param>
public sealed record FilePair(X509Certificate2 Certificate, byte[] PrivateKeyInfo, IReadOnlyList<X509Certificate2> Chain) : IDisposable
{
    public void Dispose() => CryptographicOperations.ZeroMemory(PrivateKeyInfo);
}

public abstract record PairReading
{
    private PairReading()
    {
    }

    /// <param name="Pairs">At least one; for the caller to dispose.</param>
    public sealed record Read(IReadOnlyList<FilePair> Pairs) : PairReading;

    /// <summary>A file that is of no kind we know, or the password is wrong: files do not say which.</summary>
    public sealed record Refused : PairReading;

    /// <summary>Keys, and no certificate of any of them.</summary>
    public sealed record NoCertificate : PairReading;

    /// <summary>No private key at all.</summary>
    public sealed record NoKey : PairReading;
}

/// <summary>Private keys with their certificates as people have them: PKCS#12, PKCS#8 and PKCS#1 beside certificates, in DER and PEM, in one file or several.</summary>
public static class PairFiles
{
    /// <summary>Bytes of one.</summary>
    public const int Largest = 1024 * 1024;

    /// <param name="files">Together.</param>
    /// <param name="password">Of all that are encrypted; empty for none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<PairReading> ReadAsync(IReadOnlyList<byte[]> files, string password, CancellationToken cancellationToken)
    {
        var characters = password.ToCharArray();
        using var material = new KeyMaterial();
        try
        {
            var secret = new FilePassword(characters);
            foreach (var file in files)
            {
                await ReadAsync(material, file.Length <= Largest ? file : throw new CryptographicException("Too large."), secret, cancellationToken);
            }

            var pairs = material.Pairs();
            return pairs.Count > 0
                ? new PairReading.Read(pairs.Select(one => new FilePair(one.Certificate, [.. one.PrivateKeyInfo], one.Chain)).ToList())
                : material.HasKeys ? new PairReading.NoCertificate() : new PairReading.NoKey();
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // The library throws whatever its depths throw.
            return new PairReading.Refused();
        }
        finally
        {
            Array.Clear(characters);
        }
    }

    private static async Task ReadAsync(KeyMaterial material, byte[] file, FilePassword password, CancellationToken cancellationToken)
    {
        var isKnown = false;
        foreach (var (label, content) in CertificateFiles.Blocks(file))
        {
            isKnown |= TryReadKey(material, label, content.ToArray(), password);
        }

        var certificates = await CertificateFiles.ReadAsync(file, cancellationToken);
        foreach (var certificate in certificates)
        {
            material.Add(certificate);
        }

        if (!isKnown && certificates.Count == 0)
        {
            throw new CryptographicException("Nothing that we know.");
        }
    }

    private static bool TryReadKey(KeyMaterial material, string label, byte[] content, FilePassword password)
    {
        switch (label)
        {
            case "PRIVATE KEY":
                material.Add(content);
                return true;
            case "ENCRYPTED PRIVATE KEY":
                material.Add(password.Decrypt(EncryptedPrivateKeyInfo.GetInstance(content)));
                return true;
            case "RSA PRIVATE KEY":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportRSAPrivateKey(content, out _);
                    material.Add(rsa.ExportPkcs8PrivateKey());
                }

                return true;
            case "EC PRIVATE KEY":
                using (var curve = ECDsa.Create())
                {
                    curve.ImportECPrivateKey(content, out _);
                    material.Add(curve.ExportPkcs8PrivateKey());
                }

                return true;
            case "":
                return TryReadDer(material, content, password);
            default:
                return false;
        }
    }

    // By what they begin with: PFX and PrivateKeyInfo have a version, 3 and 0 or 1; EncryptedPrivateKeyInfo has an algorithm and octets.
    private static bool TryReadDer(KeyMaterial material, byte[] content, FilePassword password)
    {
        var fields = new AsnReader(content, AsnEncodingRules.BER).ReadSequence();
        if (fields.PeekTag() == Asn1Tag.Integer)
        {
            if (fields.ReadInteger() == 3)
            {
                Pkcs12File.ReadInto(material, content, password);
            }
            else
            {
                material.Add(content);
            }

            return true;
        }

        fields.ReadEncodedValue();
        if (!fields.HasData || fields.PeekTag() != Asn1Tag.PrimitiveOctetString)
        {
            return false;
        }

        material.Add(password.Decrypt(EncryptedPrivateKeyInfo.GetInstance(content)));
        return true;
    }
}
