using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Portal.Testing;

/// <summary>Files as our pages send them: announced, and then in parts (tus 1.0).</summary>
public static class Upload
{
    public static HttpRequestMessage Announce(Uri target, string fileName, long length)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target);
        request.Headers.Add("Upload-Length", length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Metadata", $"filename {Encoded(fileName)},filetype {Encoded("application/octet-stream")},mark {Encoded("1")}");
        return request;
    }

    public static HttpRequestMessage Part(Uri place, long offset, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        var request = new HttpRequestMessage(HttpMethod.Patch, place) { Content = content };
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        return request;
    }

    /// <returns>Where to go on; null when the answer does not say.</returns>
    public static long? Offset(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Upload-Offset", out var values) ? long.Parse(values.Single(), CultureInfo.InvariantCulture) : null;

    public static bool IsWhole(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.NoContent && answer.Headers.TryGetValues("Upload-Complete", out var values) && values.Single() == "?1";

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
