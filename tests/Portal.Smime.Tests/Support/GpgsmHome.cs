using System.Security.Cryptography;

namespace Portal.Smime.Tests.Support;

/// <summary>gpgsm with Alice's and Bob's keys and our root: what KMail and Outlook with Gpg4win read and write.</summary>
public sealed class GpgsmHome : IAsyncLifetime
{
    private readonly Workbench _bench = new();

    private string Home => _bench.PathOf("gnupg");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Home);
        await Peers.RunAsync("chmod", [], "700", Home);
        await File.WriteAllTextAsync(Path.Combine(Home, "gpg-agent.conf"), "allow-loopback-pinentry\n");
        await File.WriteAllTextAsync(Path.Combine(Home, "gpgsm.conf"), "disable-crl-checks\nbatch\npinentry-mode loopback\n");
        var fingerprint = string.Join(':', Convert.FromHexString(Pki.Root.Certificate.GetCertHashString(HashAlgorithmName.SHA1)).Select(one => $"{one:X2}"));
        await File.WriteAllTextAsync(Path.Combine(Home, "trustlist.txt"), $"{fingerprint} S relax\n");
        await DemandAsync("--import", _bench.Root, _bench.Chain);
        foreach (var person in new[] { Pki.Alice, Pki.Bob })
        {
            await DemandAsync("--import", await Peers.KeyFileAsync(_bench, person));
        }
    }

    internal Task<byte[]> EncryptAsync(byte[] content, Person recipient) =>
        MakeAsync(content, "--encrypt", "-r", recipient.Address);

    internal Task<byte[]> SignAsync(byte[] content, Person signer) => MakeAsync(content, "--sign", "-u", signer.Address);

    internal Task<byte[]> DecryptAsync(byte[] structure) => MakeAsync(structure, "--decrypt");

    /// <returns>The content; fails when the signature does not hold.</returns>
    internal Task<byte[]> VerifyAsync(byte[] structure) => MakeAsync(structure, "--verify");

    public async ValueTask DisposeAsync()
    {
        await Peers.RunAsync("gpgconf", [], "--homedir", Home, "--kill", "gpg-agent");
        _bench.Dispose();
    }

    private async Task<byte[]> MakeAsync(byte[] input, params string[] arguments)
    {
        File.Delete(_bench.PathOf("made"));
        await DemandAsync(["-o", _bench.PathOf("made"), .. arguments, _bench.Write("input", input)]);
        return _bench.Read("made");
    }

    private async Task DemandAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await Peers.RunAsync(
            "gpgsm", Mail.Bytes($"{Peers.Password}\n"), ["--homedir", Home, "--passphrase-fd", "0", .. arguments]);
        Assert.True(exitCode == 0, $"gpgsm {string.Join(' ', arguments)}: {errors}");
    }
}
