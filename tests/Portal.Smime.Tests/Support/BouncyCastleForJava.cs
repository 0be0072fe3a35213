namespace Portal.Smime.Tests.Support;

/// <summary>Bouncy Castle for Java, compiled from Peers/BouncyPeer.java.</summary>
public sealed class BouncyCastleForJava : IAsyncLifetime
{
    private const string Libraries = "/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar";
    private readonly Workbench _bench = new();

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output, errors) = await Peers.RunAsync(
            "ecj", [], "-17", "-proc:none", "-nowarn", "-cp", Libraries, "-d", _bench.PathOf("."), Peers.PathOf("BouncyPeer.java"));
        Assert.True(exitCode == 0, Mail.String(output) + errors);
    }

    internal Task<byte[]> EncryptAsync(string cipher, Person recipient, byte[] content) =>
        RunAsync("encrypt", cipher, Certificate(recipient), Write(content));

    internal Task<byte[]> DecryptAsync(Person recipient, byte[] structure) => RunAsync("decrypt", Key(recipient), Write(structure));

    internal Task<byte[]> SignAsync(string algorithm, byte[] key, byte[] certificate, byte[] content) =>
        RunAsync("sign", algorithm, Write(key), Write(certificate), Write(content));

    internal Task<byte[]> CompressAsync(byte[] content) => RunAsync("compress", Write(content));

    /// <returns>How many signatures verified; fails when one does not.</returns>
    internal async Task<int> VerifyAsync(byte[] structure, byte[]? detached = null) =>
        int.Parse(Mail.String(await RunAsync(["verify", Write(structure), .. detached is null ? Array.Empty<string>() : [Write(detached)]])).Split(' ')[1], null);

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Certificate(Person person) => Write(person.Certificate.RawData);

    private string Key(Person person) => Write(person.Key.ExportPkcs8PrivateKey());

    private string Write(byte[] content) => _bench.Write(Guid.NewGuid().ToString("N"), content);

    private async Task<byte[]> RunAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await Peers.RunAsync(
            "java", [], ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", $"{_bench.PathOf(".")}:{Libraries}", "BouncyPeer", .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
