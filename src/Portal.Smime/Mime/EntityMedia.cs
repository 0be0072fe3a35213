using System.Text;
using MimeKit;
using Portal.Smime.Pkix;

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
    private const int LongestKnown = 200;

    /// <summary>RFC 8551 §3.2.1, of what carries content.</summary>
    private static readonly string[] FileNames = [".p7m", ".p7c", ".p7z"];

    /// <summary>PKCS#10, on its way to an authority (RFC 8551 §3.7).</summary>
    public bool IsCertificationRequest => Type?.IsMimeType("application", "pkcs10") == true || Type?.IsMimeType("application", "x-pkcs10") == true;

    /// <summary>A few values stand in almost every message.</summary>
    private static readonly TwoGenerations<string, ContentType?> Known = new(256);

    public static EntityMedia Of(HeaderBlock header)
    {
        var type = header.First("Content-Type") is { } field ? Parse(field.Value) : null;
        return new EntityMedia(
            FormOf(type, header.First("Content-Disposition")?.Value),
            type?.Boundary,
            header.First("Content-Transfer-Encoding") is { } encoding ? Encoding.Latin1.GetString(encoding.Unfolded).ToLowerInvariant() : "7bit",
            type);
    }

    /// <param name="value">Of a Content-Type field, as <see cref="HeaderField"/> has it.</param>
    /// <returns>Shared, so only to be read; null when malformed.</returns>
    public static ContentType? Parse(string value)
    {
        if (value.Length > LongestKnown)
        {
            return ParseAnew(value);
        }

        return Known.TryGet(value, out var type) ? type : Known.Keep(value, ParseAnew(value));
    }

    private static ContentType? ParseAnew(string value)
    {
        var bytes = HeaderField.Unfold(value);
        return ContentType.TryParse(bytes, 0, bytes.Length, out var type) ? type : null;
    }

    /// <summary>RFC 8551 §3.9: gateways degrade the type and leave the name.</summary>
    /// <param name="type">Of an entity.</param>
    /// <param name="disposition">Value of its Content-Disposition field; null without one.</param>
    public static bool IsPkcs7Mime(ContentType type, string? disposition) =>
        type.IsMimeType("application", "pkcs7-mime") || type.IsMimeType("application", "x-pkcs7-mime")
        || (type.IsMimeType("application", "octet-stream") && (IsNamedSo(type.Name) || (disposition is not null && IsNamedSo(FileName(disposition)))));

    private static EntityForm FormOf(ContentType? type, string? disposition)
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

        return IsPkcs7Mime(type, disposition) ? EntityForm.Pkcs7Mime : EntityForm.Plain;
    }

    private static bool IsNamedSo(string? name) => Array.Exists(FileNames, ending => name?.EndsWith(ending, StringComparison.OrdinalIgnoreCase) == true);

    private static string? FileName(string disposition)
    {
        var bytes = HeaderField.Unfold(disposition);
        return ContentDisposition.TryParse(bytes, 0, bytes.Length, out var read) ? read.FileName : null;
    }
}
