using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portal.Application.Checkpoints;
using Portal.Application.Tests.Database;

namespace Portal.Application.Tests.Portals;

/// <summary>A second place that is reached by HTTP.</summary>
public sealed class CheckpointAddressTests(SqliteFixture sqlite) : DatabaseTest
{
    private readonly List<(string Path, string? Authorization, string Body)> _heard = [];
    private WebApplication _place = null!;
    private int _answer = StatusCodes.Status204NoContent;

    private protected override Task<TestDatabase> NewDatabaseAsync() => sqlite.NewAsync();

    private protected override async Task PrepareAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _place = builder.Build();
        _place.Urls.Add("http://127.0.0.1:0");
        _place.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _heard.Add((context.Request.Path, context.Request.Headers.Authorization, await reader.ReadToEndAsync()));
            context.Response.StatusCode = _answer;
            context.Response.Headers.Location = "/elsewhere";
        });
        await _place.StartAsync();
    }

    private protected override ValueTask EndAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Each_checkpoint_is_posted_with_the_token()
    {
        await using var portal = await StartAsync();

        Assert.IsType<CheckpointOutcome.Written>(await WriteAsync(portal));

        var (path, authorization, body) = Assert.Single(_heard);
        Assert.Equal(("/chain", "Bearer t0ken"), (path, authorization));
        Assert.NotNull(AuditCheckpoint.Read(body));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(307)]
    public async Task An_answer_other_than_success_is_a_failure_and_is_not_followed(int answer)
    {
        _answer = answer;
        await using var portal = await StartAsync();

        var outcome = Assert.IsType<CheckpointOutcome.Failed>(await WriteAsync(portal));

        Assert.Equal($"127.0.0.1 answered {(HttpStatusCode)answer:D}.", outcome.Problem);
        Assert.Single(_heard);
    }

    [Theory]
    [InlineData("http://audit.example.test/", false)]
    [InlineData("https://audit.example.test/", true)]
    [InlineData("http://127.0.0.1:1/", true)]
    [InlineData("/var/lib/audit", true)]
    public void A_token_never_leaves_the_machine_unprotected(string target, bool allowed) =>
        Assert.Equal(allowed, new CheckpointOptions { CheckpointTarget = target, CheckpointToken = "t0ken" }.KeepsToken);

    private Task<TestPortal> StartAsync() => TestPortal.StartAsync(
        Db, ("Portal:Audit:CheckpointTarget", $"{_place.Urls.First()}/chain"), ("Portal:Audit:CheckpointToken", "t0ken"));

    private static async Task<CheckpointOutcome> WriteAsync(TestPortal portal) =>
        await portal.Get<AuditCheckpoints>().WriteAsync(await portal.FoundAsync("example.test"), CancellationToken.None);
}
