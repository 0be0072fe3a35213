using System.Text;

namespace Portal.Testing;

/// <summary>Messages as foreign software makes them: signed and encrypted by <c>openssl cms</c>.</summary>
public static class ForeignMail
{
    public static byte[] Header(string from, string to, string subject) => Encoding.UTF8.GetBytes(
        $"From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {TimeProvider.System.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} +0000\r\n"
        + $"Message-ID: <{Guid.NewGuid():N}@foreign.test>\r\n");

    public static byte[] Text(string text) =>
        Encoding.UTF8.GetBytes($"Content-Type: text/plain; charset=utf-8\r\n\r\n{text.ReplaceLineEndings("\r\n")}\r\n");

    /// <summary>multipart/signed around an entity.</summary>
    public static async Task<byte[]> SignAsync(byte[] entity, TestHolder signer) => (await OpenSsl.RunAsync(
        entity, "cms", "-sign", "-signer", signer.CertificateFile, "-inkey", signer.KeyFile, "-cades", "-md", "sha256")).Demand();

    /// <summary>application/pkcs7-mime around an entity; gcm makes AuthEnvelopedData.</summary>
    public static async Task<byte[]> EncryptAsync(byte[] entity, string certificateFile, string cipher = "-aes-256-cbc") =>
        (await OpenSsl.RunAsync(entity, "cms", "-encrypt", cipher, certificateFile)).Demand();

    public static byte[] Message(string from, string to, string subject, byte[] entity) => [.. Header(from, to, subject), .. entity];
}
