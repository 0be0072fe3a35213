using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portal.Smime.Pkix;

namespace Portal.Web.Tests;

/// <summary>What whoever checks a certificate asks, as programs and caches ask it.</summary>
public sealed class PublicationEndpointTests(JourneyPortal portal) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_list_may_be_cached_and_asked_for_only_when_it_is_another()
    {
        var address = await ListAddressAsync();

        using var first = await SendAsync(HttpMethod.Get, address);
        Assert.Equal((HttpStatusCode.OK, "application/pkix-crl"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.Equal((true, TimeSpan.FromMinutes(10)), (first.Headers.CacheControl!.Public, first.Headers.CacheControl.MaxAge!.Value));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _http.SendAsync(request, CancellationToken.None);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var head = await SendAsync(HttpMethod.Head, address);
        Assert.Equal((HttpStatusCode.OK, first.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("/pki/00000000-0000-0000-0000-000000000001.cer")]
    [InlineData("/pki/00000000-0000-0000-0000-000000000001/0.crl")]
    [InlineData("/pki/00000000-0000-0000-0000-000000000001/99999999999.crl")]
    [InlineData("/pki/anything")]
    public async Task What_nobody_publishes_is_not_there(string address)
    {
        using var answer = await SendAsync(HttpMethod.Get, new Uri(portal.Process.Address, address));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_question_stands_in_the_address_or_in_the_body_and_the_answer_may_be_cached_where_it_can()
    {
        var (responder, question) = await QuestionAsync();

        using var asked = await SendAsync(HttpMethod.Post, responder, question);
        using var escaped = await SendAsync(HttpMethod.Get, new Uri($"{responder}/{Uri.EscapeDataString(Convert.ToBase64String(question))}"));
        using var plain = await SendAsync(HttpMethod.Get, new Uri($"{responder}/{Convert.ToBase64String(question)}"));

        foreach (var answer in new[] { asked, escaped, plain })
        {
            Assert.Equal((HttpStatusCode.OK, "application/ocsp-response"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.True(OcspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(), out var response));
            Assert.IsType<OcspCertificateStatus.Good>(Assert.Single(response.Responses).Status);
        }

        Assert.True(asked.Headers.CacheControl!.NoStore);
        Assert.InRange(escaped.Headers.CacheControl!.MaxAge!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
        Assert.NotNull(escaped.Headers.ETag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("MAA=")]
    [InlineData("AAAA")]
    public async Task What_is_no_question_is_answered_as_malformed(string address)
    {
        var (responder, _) = await QuestionAsync();

        using var answer = await SendAsync(HttpMethod.Get, new Uri($"{responder}/{address}"));

        Assert.Equal([0x30, 3, 0x0a, 1, 1], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_question_without_end_is_not_read()
    {
        var (responder, _) = await QuestionAsync();

        using var answer = await SendAsync(HttpMethod.Post, responder, new byte[1_000_000]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private async Task<(Uri Responder, byte[] Question)> QuestionAsync()
    {
        using var person = await CertificateAsync("kind = 'Signing'");
        using var issuer = await CertificateAsync("kind = 'IssuingAuthority'");
        var responder = person.Extensions.OfType<X509AuthorityInformationAccessExtension>().Single().EnumerateOcspUris().Single();
        return (new Uri(responder), new OcspRequest([OcspCertificateId.Of(person, issuer)], null).Encode());
    }

    private async Task<Uri> ListAddressAsync() =>
        new((string)(await portal.Database.AskAsync("select address from revocation_partitions where certificates > 2 limit 1"))!);

    private async Task<X509Certificate2> CertificateAsync(string which) => X509CertificateLoader.LoadCertificate(
        (byte[])(await portal.Database.AskAsync($"select encoded from certificates where {which} and state = 'Issued' and organisation_id = (select organisation_id from accounts where normalised_email = 'alice@example.test') order by created_at desc limit 1"))!);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body = null)
    {
        var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/ocsp-request");
        }

        return _http.SendAsync(request, CancellationToken.None);
    }
}
