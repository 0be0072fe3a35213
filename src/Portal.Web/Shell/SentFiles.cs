using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Portal.Web.Shell;

/// <summary>Files in a form, read as they come: nothing of them is buffered, and no temporary file written.</summary>
internal static class SentFiles
{
    /// <returns>Null for what is no form with files.</returns>
    public static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 100 } boundary
            ? boundary.ToString()
            : null;

    /// <returns>Safe to save under; null for a section that is no file, or a field for files that was left empty.</returns>
    public static string? NameOf(MultipartSection section)
    {
        if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition())
        {
            return null;
        }

        // How browsers write a quotation mark here (HTML, multipart form data).
        var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return name.Length > 0 ? FileDownload.SafeName(name.Replace("%22", "\"", StringComparison.Ordinal)) : null;
    }

    public static string MediaTypeOf(MultipartSection section) => section.ContentType is { Length: > 0 and < 128 } stated ? stated : "application/octet-stream";

    /// <summary>A browser hears the answer only after it has sent its file, so one not absurdly large is read to its end.</summary>
    public static async Task PassOverAsync(Stream rest, long most, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            for (var read = 1; read > 0 && most > 0; most -= read)
            {
                read = await rest.ReadAsync(buffer, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
