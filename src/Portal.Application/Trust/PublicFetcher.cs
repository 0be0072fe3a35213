using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Portal.Application.Trust;

internal abstract record Fetched
{
    public sealed record Content(byte[] Bytes) : Fetched;

    /// <summary>An address that nobody here goes to.</summary>
    public sealed record Refused : Fetched;

    /// <summary>Nobody answers, or the answer is no file.</summary>
    public sealed record Failed : Fetched;
}

/// <summary>
/// The one that asks for what stands in a stranger's certificate: over http only, where a private address, another service's port
/// or a redirect is not gone to, and neither size nor patience is the stranger's to choose.
/// </summary>
internal sealed class PublicFetcher(IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "portal.published";
    public const int LongestAddress = 1000;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A stranger's mail makes us ask; nobody is flooded by it.</summary>
    private const int MostOfHostAnHour = 120;

    private const int MostHosts = 10_000;
    private readonly ConcurrentDictionary<(string Host, long Hour), int> _asked = new();

    /// <param name="address">As it stands in the certificate.</param>
    /// <param name="request">Posted as an OCSP request; null to get.</param>
    /// <param name="most">Bytes of the answer.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<Fetched> FetchAsync(string address, byte[]? request, int most, CancellationToken cancellationToken)
    {
        if (Allowed(address) is not { } uri || !MayAsk(uri.IdnHost))
        {
            return new Fetched.Refused();
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(Client);
            using var question = new HttpRequestMessage(request is null ? HttpMethod.Get : HttpMethod.Post, uri);
            if (request is not null)
            {
                question.Content = new ByteArrayContent(request);
                question.Content.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            }

            using var answer = await client.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.StatusCode == HttpStatusCode.OK && await ReadAsync(answer.Content, most, patience.Token) is { Length: > 0 } content
                ? new Fetched.Content(content)
                : new Fetched.Failed();
        }
        catch (HttpRequestException exception) when (exception.InnerException is Transport.OutOfReachException)
        {
            return new Fetched.Refused();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Fetched.Failed();
        }
    }

    /// <returns>Null for what is not an address of a file on a public web server.</returns>
    public static Uri? Allowed(string address) =>
        address.Length <= LongestAddress
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http", UserInfo: "", IdnHost.Length: > 0, Port: 80 or >= 1024 }
            ? uri
            : null;

    private bool MayAsk(string host)
    {
        var hour = clock.GetUtcNow().Ticks / TimeSpan.TicksPerHour;
        if (_asked.Count >= MostHosts)
        {
            _asked.Clear();
        }

        return _asked.AddOrUpdate((host, hour), 1, (_, count) => count + 1) <= MostOfHostAnHour;
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > most)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var piece = new byte[16 * 1024];
        int length;
        while ((length = await stream.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (read.Length + length > most)
            {
                return null;
            }

            read.Write(piece, 0, length);
        }

        return read.ToArray();
    }
}
