using System.Globalization;

namespace Portal.Benchmarks.Parts;

/// <summary>Peers/smime.c, compiled here.</summary>
internal sealed class EnginePeer : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-peer-");

    private EnginePeer()
    {
    }

    private string Program => Path.Combine(_directory.FullName, "smime");

    public static async Task<EnginePeer> CompileAsync()
    {
        var peer = new EnginePeer();
        await CmsPeer.RunAsync("cc", "-O2", "-o", peer.Program, Path.Combine(AppContext.BaseDirectory, "Peers", "smime.c"), "-lcrypto");
        return peer;
    }

    /// <returns>Messages for each second of processor time.</returns>
    public async Task<double> MeasureAsync(EnginePki pki, string mode, string content, int seconds) => double.Parse(
        await CmsPeer.RunAsync(Program, pki.FilesIn, mode, Path.Combine(pki.FilesIn, content), seconds.ToString(CultureInfo.InvariantCulture)),
        CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Delete(recursive: true);
}
