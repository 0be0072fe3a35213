using System.Text.Json;

namespace Portal.Web.Accounts;

internal static class PasskeyJson
{
    private const int LongestAnswer = 32 * 1024;

    /// <returns>Null for what is none, or too long.</returns>
    public static async Task<T?> ReadAsync<T>(HttpContext http)
        where T : class
    {
        if (!http.Request.HasJsonContentType() || http.Request.ContentLength is null or > LongestAnswer)
        {
            return null;
        }

        try
        {
            return await http.Request.ReadFromJsonAsync<T>(http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
