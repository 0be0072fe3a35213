using System.Diagnostics;
using Portal.KeyStores.Pkcs11;
using Portal.Testing;

namespace Portal.KeyStores.Tests.Pkcs11;

/// <summary>A token of SoftHSM with a label of its own.</summary>
public sealed class SoftHsmToken : IAsyncLifetime
{
    public const string Pin = "135790";
    private const string OfficerPin = "97531000";

    public static string Library => TestServers.Get("PORTAL_TEST_PKCS11_LIBRARY");

    public string Label { get; } = $"contract-{Guid.NewGuid():N}"[..28];

    internal Pkcs11Options Options => new() { Library = Library, Token = Label, Pin = Pin, Sessions = 4 };

    public async ValueTask InitializeAsync() => await UtilAsync("--init-token", "--free", "--label", Label, "--pin", Pin, "--so-pin", OfficerPin);

    public async ValueTask DisposeAsync() => await UtilAsync("--delete-token", "--token", Label);

    /// <summary>By the security officer, in another process.</summary>
    public Task SetPinAsync(string pin) => RunAsync("pkcs11-tool", "--module", Library, "--token-label", Label, "--login", "--login-type", "so", "--so-pin", OfficerPin, "--init-pin", "--new-pin", pin);

    private static Task UtilAsync(params string[] arguments) => RunAsync("softhsm2-util", arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var words = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, string.Concat(words));
    }
}
