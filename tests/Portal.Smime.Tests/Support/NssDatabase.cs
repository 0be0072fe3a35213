namespace Portal.Smime.Tests.Support;

/// <summary>NSS with Alice's and Bob's keys and our root: what Thunderbird reads and writes.</summary>
public sealed class NssDatabase : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    private string Database => $"sql:{_bench.PathOf("db")}";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_bench.PathOf("db"));
        await DemandAsync("certutil", "-N", "-d", Database, "--empty-password");
        await DemandAsync("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-d", Database, "-i", _bench.Root);
        await DemandAsync("certutil", "-A", "-n", "issuing", "-t", ",,", "-d", Database, "-i", _bench.Chain);
        foreach (var person in new[] { Pki.Alice, Pki.Bob })
        {
            var file = await Peers.KeyFileAsync(_bench, person);
            await DemandAsync("pk12util", "-i", file, "-d", Database, "-W", Peers.Password);
        }
    }

    internal async Task<byte[]> EncryptAsync(byte[] content, Person recipient)
    {
        await DemandAsync("cmsutil", "-E", "-r", recipient.Address, "-d", Database, "-i", _bench.Write("content", content), "-o", _bench.PathOf("made"));
        return _bench.Read("made");
    }

    internal async Task<byte[]> SignAsync(byte[] content, Person signer)
    {
        await DemandAsync("cmsutil", "-S", "-G", "-N", signer.Address, "-d", Database, "-i", _bench.Write("content", content), "-o", _bench.PathOf("made"));
        return _bench.Read("made");
    }

    /// <summary>Decrypts or verifies, as the structure wants it; fails when it does not hold.</summary>
    internal async Task<byte[]> DecodeAsync(byte[] structure)
    {
        await DemandAsync("cmsutil", "-D", "-d", Database, "-i", _bench.Write("structure", structure), "-o", _bench.PathOf("decoded"));
        return _bench.Read("decoded");
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task DemandAsync(string program, params string[] arguments)
    {
        var (exitCode, _, errors) = await Peers.RunAsync(program, [], arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }
}
