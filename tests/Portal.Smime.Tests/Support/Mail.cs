using System.Globalization;
using System.Text;
using Portal.Smime.Cms;
using Portal.Smime.Keys;
using Portal.Smime.Mime;

namespace Portal.Smime.Tests.Support;

/// <summary>Messages for tests: bytes in, bytes out.</summary>
internal static class Mail
{
    public const string Text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nThe patient is well.\r\n";

    public static string Date(DateTimeOffset date) => date.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    /// <summary>Header of a message around an entity that begins with its own header.</summary>
    public static byte[] Message(byte[] entity, string from = "alice@example.org", DateTimeOffset? date = null) =>
        WithHeader($"From: {from}\r\nTo: bob@example.org\r\nSubject: Test\r\nDate: {Date(date ?? Pki.Now)}\r\nMIME-Version: 1.0\r\n", entity);

    public static byte[] WithHeader(string header, byte[] entity) => [.. Bytes(header), .. entity];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string String(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static Task<byte[]> SignAsync(string entity, Person person, SignedForm form = SignedForm.Detached) =>
        SignAsync(Bytes(entity), person.Signer, form);

    public static Task<byte[]> SignAsync(byte[] entity, Signer signer, SignedForm form = SignedForm.Detached, DateTimeOffset? signingTime = null) =>
        SignAsync(entity, [signer], form, new SigningProperties(signingTime ?? Pki.Now));

    public static async Task<byte[]> SignAsync(byte[] entity, IReadOnlyList<Signer> signers, SignedForm form, SigningProperties properties)
    {
        using var destination = new MemoryStream();
        await SignedEntity.WriteAsync(new MemoryStream(entity), signers, form, properties, destination, default);
        return destination.ToArray();
    }

    public static async Task<byte[]> EncryptAsync(
        byte[] entity,
        ContentCipher cipher,
        KeyTransportScheme scheme = KeyTransportScheme.RsaOaepSha256,
        params Person[] recipients)
    {
        using var destination = new MemoryStream();
        var certificates = (recipients.Length > 0 ? recipients : [Pki.Bob]).Select(person => person.Recipient(scheme)).ToList();
        await EncryptedEntity.WriteAsync(new MemoryStream(entity), certificates, cipher, destination, default);
        return destination.ToArray();
    }

    /// <summary>A CMS structure as application/pkcs7-mime.</summary>
    public static byte[] Pkcs7Mime(byte[] structure) => Bytes(
        "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + Convert.ToBase64String(structure, Base64FormattingOptions.InsertLineBreaks) + "\r\n");

    /// <summary>A CMS structure beside an entity as multipart/signed.</summary>
    public static byte[] MultipartSigned(string entity, byte[] structure) => Bytes(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=outer\r\n\r\n"
        + $"--outer\r\n{entity}\r\n--outer\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + Convert.ToBase64String(structure, Base64FormattingOptions.InsertLineBreaks) + "\r\n--outer--\r\n");

    /// <summary>The base64 body of the last part, decoded: the CMS structure of what this class or the engine wrote.</summary>
    public static byte[] Structure(byte[] message)
    {
        var lines = String(message).Split("\r\n");
        var last = Array.FindLastIndex(lines, line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal));
        var first = Array.FindLastIndex(lines, last, line => line.Length == 0) + 1;
        return Convert.FromBase64String(string.Concat(lines[first..(last + 1)]));
    }
}
