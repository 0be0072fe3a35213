namespace Portal.Smime.Mime;

internal static class Pkcs7MimeHeader
{
    /// <summary>RFC 8551 §3.2: the header of an application/pkcs7-mime entity, the empty line included.</summary>
    public static IReadOnlyList<string> Lines(string smimeType) =>
    [
        $"Content-Type: application/pkcs7-mime; smime-type={smimeType}; name=smime.p7m",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment; filename=smime.p7m",
        string.Empty,
    ];
}
