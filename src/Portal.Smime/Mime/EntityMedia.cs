using MimeKit;

namespace Portal.Smime.Mime;

internal enum EntityForm
{
    /// <summary>Not a cryptographic layer.</summary>
    Plain,
    ClearSigned,
    Pkcs7Mime,
}

/// <summary>What an entity's header says of its body.</summary>
/// <param name="Form">Whether it is a cryptographic layer.</param>
/// <param name="Boundary">Of a multipart.</param>
/// <param name="TransferEncoding">Lower case; 7bit when absent.</param>
/// <param name="Type">Null when absent or malformed.</param>
internal sealed record EntityMedia(EntityForm Form, string? Boundary, string TransferEncoding, ContentType? Type)
{
    public static EntityMedia Of(HeaderBlock header)
    {
        var encoding = header.All("Content-Transfer-Encoding").FirstOrDefault();
        var type = Parse(header.All("Content-Type").FirstOrDefault());
        return new EntityMedia(
            FormOf(type),
            type?.Boundary,
            encoding is null ? "7bit" : System.Text.Encoding.Latin1.GetString(encoding.Unfolded).ToLowerInvariant(),
            type);
    }

    public static ContentType? Parse(HeaderField? field)
    {
        if (field is null)
        {
            return null;
        }

        var value = field.Unfolded;
        return ContentType.TryParse(value, 0, value.Length, out var type) ? type : null;
    }

    private static EntityForm FormOf(ContentType? type)
    {
        if (type is null)
        {
            return EntityForm.Plain;
        }

        if (type.IsMimeType("multipart", "signed"))
        {
            // RFC 8551 §3.5.3.1; the x- form is what software older than 2000 writes.
            return type.Parameters["protocol"]?.ToLowerInvariant() is "application/pkcs7-signature" or "application/x-pkcs7-signature"
                ? EntityForm.ClearSigned
                : EntityForm.Plain;
        }

        return type.IsMimeType("application", "pkcs7-mime") || type.IsMimeType("application", "x-pkcs7-mime") || IsRenamed(type)
            ? EntityForm.Pkcs7Mime
            : EntityForm.Plain;
    }

    // RFC 8551 §3.9: gateways degrade the type and leave the name.
    private static bool IsRenamed(ContentType type) =>
        type.IsMimeType("application", "octet-stream") && type.Name?.EndsWith(".p7m", StringComparison.OrdinalIgnoreCase) == true;
}
