using System.Text;

namespace Portal.Smime.Mime;

internal static class Pkcs7MimeHeader
{
    /// <summary>RFC 8551 §3.2: the header of an application/pkcs7-mime entity, the empty line included.</summary>
    public static byte[] Encode(string smimeType) => Encoding.ASCII.GetBytes(
        $"Content-Type: application/pkcs7-mime; smime-type={smimeType}; name=smime.p7m\r\n"
        + "Content-Transfer-Encoding: base64\r\n"
        + "Content-Disposition: attachment; filename=smime.p7m\r\n"
        + "\r\n");
}
