using System.Net;
using System.Text.RegularExpressions;

namespace Portal.Testing;

/// <summary>Somebody's browser without a screen: their cookies, and the pages as they come.</summary>
public sealed partial class SignedIn : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _client;

    private SignedIn(Uri portal)
    {
        Portal = portal;
        _handler = new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false };
        _client = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Where it is now: the same portal may begin again elsewhere.</summary>
    public Uri Portal { get; set; }

    public CookieContainer Cookies { get; } = new();

    public static async Task<SignedIn> AsAsync(Uri portal, string email, string password)
    {
        var browser = new SignedIn(portal);
        var form = await browser.PageAsync("/sign-in");
        // The first form: others may follow it.
        var fields = Hidden().Matches(form).DistinctBy(field => field.Groups[1].Value).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        (fields["Form.Email"], fields["Form.Password"]) = (email, password);
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await browser.SendAsync(HttpMethod.Post, "/sign-in", content);
        return answer.StatusCode == HttpStatusCode.Redirect
            ? browser
            : throw new InvalidOperationException($"Signing in was answered with {answer.StatusCode}.");
    }

    public async Task<string> PageAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <param name="method">GET or POST.</param>
    /// <param name="path">On the portal.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="header">A further header's name and value.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Portal, path)) { Content = content };
        if (header is { } one)
        {
            request.Headers.Add(one.Name, one.Value);
        }

        return await _client.SendAsync(request, CancellationToken.None);
    }

    /// <param name="request">Its address on the portal, with what further headers it needs.</param>
    /// <returns>As soon as it begins.</returns>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, CancellationToken.None);

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
