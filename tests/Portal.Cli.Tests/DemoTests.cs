using System.Text.Json;
using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>The command line beside a demo, which has settings of its own.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task A_demo_without_a_mail_server_is_told_so_and_nothing_is_wrong()
    {
        var directory = Directory.CreateTempSubdirectory("portal-demo-");
        var settings = new Dictionary<string, string> { ["Portal__DataDirectory"] = directory.FullName };
        await using (await PortalProcess.StartAsync(settings, "--demo"))
        {
            var (code, relay) = await RelayAsync(settings);

            Assert.Equal((0, "warning"), (code, relay.GetProperty("state").GetString()));
            Assert.Contains("No mail server is set", relay.GetProperty("what").GetString(), StringComparison.Ordinal);
            Assert.Contains("within the portal", relay.GetProperty("what").GetString(), StringComparison.Ordinal);

            foreach (var (setting, value) in new[] { ("Portal__Transport__Kind", "Smtp"), ("Portal__Transport__RelayHost", "localhost") })
            {
                var chosen = new Dictionary<string, string>(settings) { [setting] = value, ["Portal__Transport__RelayPort"] = "1" };
                (code, relay) = await RelayAsync(chosen);
                Assert.Equal((1, "problem"), (code, relay.GetProperty("state").GetString()));
            }
        }

        directory.Delete(recursive: true);
    }

    private static async Task<(int Code, JsonElement Relay)> RelayAsync(Dictionary<string, string> settings)
    {
        var answer = await PortalCli.RunAsync(settings, "check", "--json");
        return (answer.Code, JsonDocument.Parse(answer.Output).RootElement.EnumerateArray().Single(one => one.GetProperty("area").GetString() == "mail relay"));
    }
}
