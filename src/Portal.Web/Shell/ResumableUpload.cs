using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Portal.Application;
using Portal.Application.LargeFiles;

namespace Portal.Web.Shell;

/// <summary>
/// Files that come a part at a time, by tus 1.0 (https://tus.io/protocols/resumable-upload, core and creation): POST announces one,
/// PATCH goes on with it, HEAD says where to go on. What was announced before and is not whole is found again.
/// </summary>
internal static class ResumableUpload
{
    private const string Version = "1.0.0";
    private const string PartType = "application/offset+octet-stream";
    private const int LongestMetadata = 4096;

    /// <summary>In a header, because to look into the form would be to read the file.</summary>
    public const string FormHeader = "X-Portal-Form";

    /// <param name="http">A file is announced.</param>
    /// <param name="antiforgery">It must come from a page of ours.</param>
    /// <param name="begin">Takes it.</param>
    /// <param name="placeOf">Where parts of it go.</param>
    public static async Task<IResult> BeginAsync(HttpContext http, IAntiforgery antiforgery, Func<AnnouncedFile, Task<FileTaking>> begin, Func<Guid, string> placeOf)
    {
        if (!await IsOursAsync(http, antiforgery))
        {
            return Says(StatusCodes.Status400BadRequest, UploadTexts.Outdated);
        }

        if (Announced(http.Request) is not { } file)
        {
            return Says(StatusCodes.Status400BadRequest, UploadTexts.Failed);
        }

        var taking = await begin(file);
        if (taking is FileTaking.Taken taken)
        {
            http.Response.Headers.Location = placeOf(taken.File);
        }

        return Answer(http, taking, StatusCodes.Status201Created);
    }

    /// <param name="http">A part of a file.</param>
    /// <param name="antiforgery">It must come from a page of ours.</param>
    /// <param name="progress">Of the file; null when there is none.</param>
    /// <param name="take">Takes it from that offset on.</param>
    public static async Task<IResult> ContinueAsync(HttpContext http, IAntiforgery antiforgery, Func<Task<FileProgress?>> progress, Func<long, Stream, Task<FileTaking>> take)
    {
        if (!await IsOursAsync(http, antiforgery))
        {
            return Says(StatusCodes.Status400BadRequest, UploadTexts.Outdated);
        }

        if (!PartType.Equals(http.Request.ContentType, StringComparison.OrdinalIgnoreCase) || Number(http.Request, "Upload-Offset") is not { } offset)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        if (await progress() is not { } known)
        {
            return Says(StatusCodes.Status410Gone, UploadTexts.Gone);
        }

        if (known.Offset != offset)
        {
            http.Response.Headers["Upload-Offset"] = Text(known.Offset);
            return Results.StatusCode(StatusCodes.Status409Conflict);
        }

        if (http.Request.ContentLength is { } more && more > known.Length - offset)
        {
            return Says(StatusCodes.Status400BadRequest, UploadTexts.Failed);
        }

        try
        {
            return Answer(http, await take(offset, http.Request.Body), StatusCodes.Status204NoContent);
        }
        catch (IOException)
        {
            // The connection is gone; what has come is kept.
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>Where to go on.</summary>
    public static IResult Look(HttpContext http, FileProgress? progress)
    {
        if (progress is not { } known)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        http.Response.Headers["Tus-Resumable"] = Version;
        http.Response.Headers["Upload-Offset"] = Text(known.Offset);
        http.Response.Headers["Upload-Length"] = Text(known.Length);
        http.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status204NoContent);
    }

    private static async Task<bool> IsOursAsync(HttpContext http, IAntiforgery antiforgery) =>
        http.Request.Headers.ContainsKey(FormHeader) && await antiforgery.IsRequestValidAsync(http);

    private static IResult Answer(HttpContext http, FileTaking taking, int taken)
    {
        http.Response.Headers["Tus-Resumable"] = Version;
        switch (taking)
        {
            case FileTaking.Taken { Offset: var offset, IsWhole: var isWhole }:
                http.Response.Headers["Upload-Offset"] = Text(offset);
                http.Response.Headers["Upload-Complete"] = isWhole ? "?1" : "?0";
                return Results.StatusCode(taken);
            case FileTaking.TooLarge tooLarge:
                return Says(StatusCodes.Status413PayloadTooLarge, UploadTexts.TooLarge.With(FileSize.Of(tooLarge.Limit)));
            case FileTaking.NoRoom:
                return Says(StatusCodes.Status507InsufficientStorage, UploadTexts.NoRoom);
            case FileTaking.Malware malware:
                return Says(StatusCodes.Status422UnprocessableEntity, UploadTexts.Malware.With(malware.Name));
            case FileTaking.NotInspected or FileTaking.KeyUnavailable:
                http.Response.Headers.RetryAfter = "10";
                return Says(StatusCodes.Status503ServiceUnavailable, taking is FileTaking.KeyUnavailable ? UploadTexts.KeyAway : UploadTexts.NotInspected);
            case FileTaking.Scheduled:
                return Says(StatusCodes.Status403Forbidden, UploadTexts.Scheduled);
            default:
                return Says(StatusCodes.Status404NotFound, UploadTexts.Gone);
        }
    }

    private static AnnouncedFile? Announced(HttpRequest request)
    {
        var metadata = request.Headers["Upload-Metadata"].ToString();
        if (Number(request, "Upload-Length") is not { } length || metadata.Length > LongestMetadata)
        {
            return null;
        }

        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fact in metadata.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = fact.IndexOf(' ', StringComparison.Ordinal) is var at and > 0 ? (fact[..at], fact[(at + 1)..]) : (fact, string.Empty);
            var bytes = new byte[value.Length];
            if (!Convert.TryFromBase64String(value, bytes, out var count))
            {
                return null;
            }

            facts[name] = Encoding.UTF8.GetString(bytes, 0, count);
        }

        return new AnnouncedFile(
            FileDownload.SafeName(facts.GetValueOrDefault("filename", string.Empty)),
            facts.GetValueOrDefault("filetype") is { Length: > 0 and < 128 } type ? type : "application/octet-stream",
            length,
            facts.GetValueOrDefault("mark", string.Empty));
    }

    private static long? Number(HttpRequest request, string header) =>
        long.TryParse(request.Headers[header], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IResult Says(int status, string message) => Results.Json(new { message }, statusCode: status);
}
