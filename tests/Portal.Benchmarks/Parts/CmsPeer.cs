using System.Diagnostics;
using System.Globalization;

namespace Portal.Benchmarks.Parts;

/// <param name="ProtectSmall">Milliseconds to sign and encrypt 10 KB.</param>
/// <param name="OpenSmall">Milliseconds to decrypt and verify it.</param>
/// <param name="ProtectLarge">Milliseconds to sign and encrypt 1 MB.</param>
internal sealed record CmsTimes(double ProtectSmall, double OpenSmall, double ProtectLarge);

/// <summary>The same cryptography in C on libcrypto: Peers/cms.c, compiled here.</summary>
internal static class CmsPeer
{
    public static async Task<CmsTimes> MeasureAsync()
    {
        var directory = Directory.CreateTempSubdirectory("portal-cms-");
        try
        {
            var program = Path.Combine(directory.FullName, "cms");
            await RunAsync("cc", "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", "cms.c"), "-lcrypto");
            var words = (await RunAsync(program)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var times = words.Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToList();
            return new CmsTimes(times[0], times[1], times[2]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
