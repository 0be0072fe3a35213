using System.CommandLine;
using System.Text;
using System.Text.Json;
using Portal.Testing;

namespace Portal.Cli.Tests.Smime;

/// <summary>A directory with an authority, two people and their key files, in which `portal smime` works.</summary>
public sealed class SmimeFiles : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-smime-");
    private readonly TestAuthority _authority = new();

    public string Trust => _authority.CertificateFile;

    public TestAuthority Authority => _authority;

    public TestHolder Alice { get; private set; } = null!;

    public TestHolder Bob { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Alice = _authority.Issue("alice@example.test");
        Bob = _authority.Issue("bob@example.test");
        await KeyFileAsync(Alice, "alice.p12", "alice's password");
        await KeyFileAsync(Bob, "bob.p12", "bob's password", "-legacy");
        await KeyFileAsync(Bob, "open.p12", string.Empty);
        Write("alice.txt", "alice's password\n");
        Write("bob.txt", "bob's password");
    }

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public string Fresh(string ending) => PathOf($"{Guid.NewGuid():N}{ending}");

    public async Task KeyFileAsync(TestHolder holder, string name, string password, params string[] options) => (await OpenSsl.RunAsync(
        [], ["pkcs12", "-export", "-in", holder.CertificateFile, "-inkey", holder.KeyFile, "-out", PathOf(name), "-passout", $"pass:{password}", .. options])).Demand();

    /// <summary>`portal smime …` in this process.</summary>
    public static async Task<CliAnswer> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await PortalCommand.RunAsync(["smime", .. arguments], new InvocationConfiguration { Output = output, Error = error });
        return new CliAnswer(code, output.ToString(), error.ToString());
    }

    /// <summary>The same with --json, which has to be JSON whatever happened.</summary>
    public static async Task<(int Code, JsonElement Json)> AskAsync(params string[] arguments)
    {
        var answer = await RunAsync([.. arguments, "--json"]);
        Assert.True(answer.Output.Length > 0, answer.Error);
        return (answer.Code, JsonDocument.Parse(answer.Output).RootElement);
    }

    public Task<(int Code, JsonElement Json)> OpenAsync(string message, params string[] further) =>
        AskAsync(["open", message, "--key", PathOf("bob.p12"), "--password-file", PathOf("bob.txt"), "--trust", Trust, .. further]);

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        _authority.Dispose();
        return ValueTask.CompletedTask;
    }
}
