using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Application.Certificates;

/// <summary>Files as people have them.</summary>
internal static class PemOrDer
{
    /// <returns>Null for anything but one certificate.</returns>
    public static X509Certificate2? Certificate(byte[] file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Unwrapped(file, "CERTIFICATE"));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <returns>DER, not looked into; null for PEM of something else.</returns>
    public static byte[]? RevocationList(byte[] file)
    {
        try
        {
            return Unwrapped(file, "X509 CRL");
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Unwrapped(byte[] file, string label)
    {
        var text = Encoding.Latin1.GetString(file);
        if (!PemEncoding.TryFind(text, out var fields))
        {
            return file;
        }

        return text[fields.Label] == label
            ? Convert.FromBase64String(text[fields.Base64Data])
            : throw new CryptographicException("Another kind of PEM.");
    }
}
