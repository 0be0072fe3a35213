using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portal.Testing;

/// <summary>A token of SoftHSM with a label of its own.</summary>
public sealed class SoftHsmToken
{
    public const string Pin = "135790";
    private const string OfficerPin = "97531000";
    private const int Enough = 6;

    /// <summary>SoftHSM sees the tokens that are there when it is loaded, and no later ones.</summary>
    private static readonly Lazy<Task<ConcurrentQueue<string>>> Labels = new(MakeAsync);

    private SoftHsmToken(string label) => Label = label;

    public static string Library => TestServers.Get("PORTAL_TEST_PKCS11_LIBRARY");

    public string Label { get; }

    /// <exception cref="InvalidOperationException">This process has taken all.</exception>
    public static async Task<SoftHsmToken> TakeAsync() => (await Labels.Value).TryDequeue(out var label)
        ? new SoftHsmToken(label)
        : throw new InvalidOperationException("More tokens are wanted than are made.");

    /// <summary>Of a key store of this name over it.</summary>
    public IEnumerable<(string Name, string Value)> Settings(string store) =>
    [
        ($"Portal:KeyStores:Pkcs11:{store}:Library", Library),
        ($"Portal:KeyStores:Pkcs11:{store}:Token", Label),
        ($"Portal:KeyStores:Pkcs11:{store}:Pin", Pin),
    ];

    /// <summary>Where SoftHSM has put it.</summary>
    public string FindDirectory()
    {
        var tokens = File.ReadLines(TestServers.Get("SOFTHSM2_CONF"))
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .First(parts => parts[0] == "directories.tokendir")[1];
        return Directory.GetDirectories(tokens).Single(one => File.ReadAllBytes(Path.Combine(one, "token.object")).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Label)) >= 0);
    }

    /// <summary>By the security officer, in another process.</summary>
    public Task SetPinAsync(string pin) => RunAsync("pkcs11-tool", "--module", Library, "--token-label", Label, "--login", "--login-type", "so", "--so-pin", OfficerPin, "--init-pin", "--new-pin", pin);

    private static async Task<ConcurrentQueue<string>> MakeAsync()
    {
        var labels = new ConcurrentQueue<string>();
        for (var count = 0; count < Enough; count++)
        {
            var label = $"contract-{Guid.NewGuid():N}"[..28];
            await RunAsync("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", OfficerPin);
            labels.Enqueue(label);
        }

        return labels;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var words = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {string.Concat(words)}");
        }
    }
}
