using System.Net;
using System.Net.Sockets;
using Portal.Application.Tests.Database;
using Portal.Application.Trust;
using Portal.Testing;

namespace Portal.Application.Tests.Portals;

/// <summary>Addresses in strangers' certificates lead to public web servers, or nowhere.</summary>
public sealed class PublicFetcherTests(SqliteFixture sqlite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly PublishingAuthority _server = new(TimeProvider.System.GetUtcNow());
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await sqlite.NewAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("https://{0}/root.cer")]
    [InlineData("ldap://{0}/root.cer")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user@{0}/root.cer")]
    [InlineData("http://127.0.0.1:25/root.cer")]
    [InlineData("http:///root.cer")]
    [InlineData("//{0}/root.cer")]
    [InlineData("root.cer")]
    [InlineData("")]
    public async Task Only_files_on_web_servers_are_asked_for(string address)
    {
        await using var portal = await TestPortal.StartAsync(_database);
        var host = new Uri(_server.Address).Authority;

        Assert.IsType<Fetched.Refused>(await FetchAsync(portal, string.Format(System.Globalization.CultureInfo.InvariantCulture, address, host)));
        Assert.Empty(_server.Asked);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    [InlineData("2130706433")]
    public async Task A_name_that_leads_into_a_private_network_is_not_gone_to(string host)
    {
        await using var portal = await TestPortal.StartAsync(_database, ("Portal:Transport:OwnNetworks", string.Empty));

        Assert.IsType<Fetched.Refused>(await FetchAsync(portal, $"http://{host}:{new Uri(_server.Address).Port}/root.cer"));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Neither_a_redirect_nor_too_large_an_answer_is_followed_to_its_end()
    {
        await using var portal = await TestPortal.StartAsync(_database);
        Assert.Equal(_server.Root.RawData, Assert.IsType<Fetched.Content>(await FetchAsync(portal, $"{_server.Address}root.cer")).Bytes);
        _server.AnswersWith = new byte[100_001];
        Assert.IsType<Fetched.Failed>(await FetchAsync(portal, $"{_server.Address}root.cer"));
        _server.AnswersWith = new byte[100_000];
        Assert.IsType<Fetched.Content>(await FetchAsync(portal, $"{_server.Address}root.cer"));
        _server.Redirects = true;
        Assert.IsType<Fetched.Failed>(await FetchAsync(portal, $"{_server.Address}root.cer"));
        Assert.DoesNotContain(_server.Asked, path => path.StartsWith("/there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_without_an_end_is_given_up_by_size_and_one_that_does_not_come_by_time()
    {
        await using var portal = await TestPortal.StartAsync(_database);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        Assert.IsType<Fetched.Failed>(await FetchAsync(portal, $"{address}/endless"));
        var began = TimeProvider.System.GetTimestamp();
        Assert.IsType<Fetched.Failed>(await FetchAsync(portal, $"{address}/slow"));

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), PublicFetcher.Patience - TimeSpan.FromSeconds(1), PublicFetcher.Patience + TimeSpan.FromSeconds(30));
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
    }

    [Fact]
    public async Task Nobody_is_flooded()
    {
        await using var portal = await TestPortal.StartAsync(_database);
        for (var asked = 0; asked < 120; asked++)
        {
            Assert.IsType<Fetched.Content>(await FetchAsync(portal, $"{_server.Address}root.cer"));
        }

        Assert.IsType<Fetched.Refused>(await FetchAsync(portal, $"{_server.Address}root.cer?121"));
    }

    private static Task<Fetched> FetchAsync(TestPortal portal, string address) => portal.Get<PublicFetcher>().FetchAsync(address, null, 100_000, Never);

    private static async Task ServeAsync(TcpListener listener)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            var request = new byte[4096];
            var length = await stream.ReadAsync(request);
            var isSlow = System.Text.Encoding.ASCII.GetString(request, 0, length).Contains("/slow", StringComparison.Ordinal);
            try
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
                for (var sent = 0; sent < 1000; sent++)
                {
                    await stream.WriteAsync(new byte[isSlow ? 1 : 10_000]);
                    await Task.Delay(isSlow ? 500 : 0);
                }
            }
            catch (IOException)
            {
                // Given up.
            }
        }
    }
}
