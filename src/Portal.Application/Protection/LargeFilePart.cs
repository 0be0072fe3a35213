using System.Buffers.Text;
using System.Text;
using MimeKit;

namespace Portal.Application.Protection;

/// <summary>
/// A file that travels beside its message, as a part of it: words with a link for every mail program, and a header field, of the form
/// of Content-Disposition (RFC 2183), for portals.
/// </summary>
internal static class LargeFilePart
{
    private const string Field = "Large-File";
    private const int HashLength = 32;

    /// <param name="file">Which.</param>
    /// <param name="words">For readers whose software knows nothing of the field.</param>
    public static TextPart Write(LargeFileReference file, string words)
    {
        var disposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = file.FileName, Size = file.Length };
        disposition.Parameters.Add("type", file.MediaType);
        disposition.Parameters.Add("sha-256", Base64Url.EncodeToString(file.Sha256));
        disposition.Parameters.Add("key", Base64Url.EncodeToString(file.Key));
        var part = OutgoingParts.Text("plain", words);
        part.ContentDisposition = new ContentDisposition(ContentDisposition.Inline);
        part.Headers.Add(Field, Value(disposition));
        return part;
    }

    /// <returns>Null for any other part, also one that says it is such a file and does not say which.</returns>
    public static LargeFileReference? Read(MimeEntity entity) =>
        entity is TextPart
        && entity.Headers[Field] is { } field
        && ContentDisposition.TryParse(field, out var disposition)
        && disposition is { FileName.Length: > 0, Size: >= 0 }
        && Bytes(disposition, "sha-256") is { } sha256
        && Bytes(disposition, "key") is { } key
            ? new LargeFileReference(disposition.FileName, disposition.Parameters["type"] ?? "application/octet-stream", disposition.Size.Value, sha256, key)
            : null;

    // Without the name of the field that it is written for, and in one line.
    private static string Value(ContentDisposition disposition)
    {
        var text = disposition.ToString(OutgoingParts.Format(), Encoding.UTF8, encode: true);
        return string.Join(' ', text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
    }

    private static byte[]? Bytes(ContentDisposition disposition, string name) =>
        disposition.Parameters[name] is { } text && Base64Url.IsValid(text, out var length) && length == HashLength ? Base64Url.DecodeFromChars(text) : null;
}
