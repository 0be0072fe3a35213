using Portal.Testing;

namespace Portal.Cli.Tests;

/// <summary>Settings with which the portal itself cannot start.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Portal__Roles", "Cook", "Portal:Roles is \"Cook\"; it has to be Web, Worker or Web,Worker.")]
    [InlineData("Portal__Roles", "3", "Portal:Roles is \"3\"; it has to be Web, Worker or Web,Worker.")]
    [InlineData("Portal__Outbox__FirstRetry", "tomorrow", "'tomorrow' at 'Portal:Outbox:FirstRetry'")]
    [InlineData("Portal__Transport__RelayPort", "70000", "RelayPort must be between 1 and 65535")]
    [InlineData("Portal__Database__Provider", "Oracle", "it can be Sqlite or Postgres")]
    [InlineData("Portal__KeyStores__Pkcs11__hsm__Sessions", "0", "Portal:KeyStores:Pkcs11:hsm: The field Sessions must be between 1 and 256.")]
    [InlineData("Portal__KeyStores__Pkcs11__local__Token", "ward", "Two key stores are called \"local\"")]
    [InlineData("Portal__KeyStores__Default", "hsm", "The key store \"hsm\" is not configured.")]
    public async Task A_mistake_is_one_sentence_and_no_stack_trace(string setting, string value, string words)
    {
        var directory = Directory.CreateTempSubdirectory("portal-start-");

        var answer = await PortalProcess.FailAsync(new Dictionary<string, string> { ["Portal__DataDirectory"] = directory.FullName, [setting] = value });

        Assert.Equal((1, string.Empty), (answer.Code, answer.Output));
        Assert.Contains(words, Assert.Single(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        directory.Delete(recursive: true);
    }
}
