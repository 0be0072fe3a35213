namespace Portal.Web.SecureLinks;

/// <summary>Where the browser says that it is: passkeys are bound to that.</summary>
internal static class PageAddress
{
    /// <returns>Null for what is no address.</returns>
    public static Uri? Of(HttpContext http) => Uri.TryCreate($"{http.Request.Scheme}://{http.Request.Host}", UriKind.Absolute, out var address) ? address : null;
}
