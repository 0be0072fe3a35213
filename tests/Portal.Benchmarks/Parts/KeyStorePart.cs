using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.KeyStores;
using Portal.Smime.Keys;
using Portal.Testing;
using Portal.Testing.KeyVault;

namespace Portal.Benchmarks.Parts;

/// <summary>Signatures and unwrapped keys a second, RSA-3072, by each key store; the token's beside a bare loop in C on the same library.</summary>
internal sealed class KeyStorePart : IPart
{
    private const int Seconds = 3;
    private static readonly int[] InFlight = [1, 10, 100];

    public string Name => "keystores";

    public async Task<IReadOnlyList<Figure>> MeasureAsync(Action<string> say)
    {
        var token = await SoftHsmToken.TakeAsync();
        await using var vault = await KeyVaultServer.StartAsync();
        var bare = new Dictionary<int, (double Sign, double Unwrap)>();
        foreach (var threads in new[] { 1, Environment.ProcessorCount })
        {
            bare[threads] = await BareAsync(await SoftHsmToken.TakeAsync(), threads);
        }

        await using var provider = Provider([.. token.Settings("hsm"), .. vault.Settings("vault")]);
        var figures = new List<Figure>();
        foreach (var (store, name) in provider.GetServices<IKeyStore>().Zip(["Local, rows in memory", "SoftHSM", "Key Vault's test server, on this machine"]))
        {
            var (signing, opening) = (await NewAsync(store, KeyUse.Sign), await NewAsync(store, KeyUse.Decrypt));
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(opening.SubjectPublicKeyInfo.Span, out _);
            var (digest, wrapped) = (new byte[32], rsa.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA256));
            var (signer, opener) = (store.Open(signing.Reference), store.Open(opening.Reference));
            foreach (var inFlight in InFlight)
            {
                var peer = bare[inFlight == 1 ? 1 : Environment.ProcessorCount];
                var signed = await RateAsync(() => signer.SignDigestAsync(digest, SignatureScheme.RsaPkcs1Sha256, default), inFlight);
                var unwrapped = await RateAsync(() => opener.UnwrapKeyAsync(wrapped, KeyTransportScheme.RsaOaepSha256, default), inFlight);
                say($"{name}, {inFlight} in flight: {signed.Rate:0} signatures and {unwrapped.Rate:0} unwraps a second");
                figures.AddRange(Figures($"{name}: sign, {inFlight} in flight", signed, store.Name == "hsm" ? peer.Sign : null));
                figures.AddRange(Figures($"{name}: unwrap (OAEP, SHA-256), {inFlight} in flight", unwrapped, store.Name == "hsm" ? peer.Unwrap : null));
            }
        }

        return figures;
    }

    private static IEnumerable<Figure> Figures(string what, (double Rate, double Median, double Slowest) measured, double? bare)
    {
        yield return new Figure(what, measured.Rate, "/s", bare * 0.7, MoreIsBetter: true) { Peers = bare is { } peer ? [new PeerFigure("bare loop in C", peer)] : [] };
        yield return new Figure($"{what}: median", measured.Median, "ms");
        yield return new Figure($"{what}: 95 %", measured.Slowest, "ms");
    }

    private static Task<CreatedKey> NewAsync(IKeyStore store, KeyUse use) => store.CreateAsync($"k-{Guid.NewGuid():N}", KeyAlgorithm.Rsa3072, use, default);

    private static async Task<(double Rate, double Median, double Slowest)> RateAsync(Func<Task> use, int inFlight)
    {
        await use();
        var times = new ConcurrentBag<double>();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds)
            {
                var asked = Stopwatch.GetTimestamp();
                await use();
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var sorted = times.Order().ToList();
        return (sorted.Count / elapsed, sorted[sorted.Count / 2], sorted[sorted.Count * 95 / 100]);
    }

    private static async Task<(double Sign, double Unwrap)> BareAsync(SoftHsmToken token, int threads)
    {
        var directory = Directory.CreateTempSubdirectory("portal-pkcs11-");
        try
        {
            var program = Path.Combine(directory.FullName, "pkcs11");
            await CmsPeer.RunAsync("cc", "-O2", "-w", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", "pkcs11.c"), "-lpthread", "-ldl");
            var words = (await CmsPeer.RunAsync(program, SoftHsmToken.Library, token.Label, SoftHsmToken.Pin, $"{threads}", $"{Seconds}")).Split(' ');
            return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static ServiceProvider Provider(IEnumerable<(string Name, string Value)> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(one => one.Name, string? (one) => one.Value))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Portal:KeyStores:Local:MasterKey"] = Convert.ToBase64String(new byte[32]) })
            .Build();
        return new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ISealedKeyStorage, MemoryRows>()
            .AddPortalKeyStores(configuration)
            .BuildServiceProvider();
    }

    private sealed class MemoryRows : ISealedKeyStorage
    {
        private readonly ConcurrentDictionary<KeyReference, SealedKey> _rows = new();

        public Task WriteAsync(KeyReference reference, SealedKey key, CancellationToken cancellationToken) => Task.FromResult(_rows.TryAdd(reference, key));

        public Task<SealedKey?> ReadAsync(KeyReference reference, CancellationToken cancellationToken) => Task.FromResult(_rows.GetValueOrDefault(reference));

        public Task<bool> ReplaceAsync(KeyReference reference, SealedKey known, SealedKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(KeyReference reference, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<KeyReference>> ListAsync(string store, string? except, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteMasterKeyAsync(WrappedMasterKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<WrappedMasterKey>> ListMasterKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
