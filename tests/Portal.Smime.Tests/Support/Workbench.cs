using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Smime.Tests.Support;

/// <summary>A temporary directory in which the real openssl works.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("portal-openssl-");

    public string Root => Write("root.pem", Pem(Pki.Root.Certificate));

    public string Chain => Write("chain.pem", Pem(Pki.Issuing.Certificate));

    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public string CertificateOf(Person person) => Write($"{person.Address}.pem", Pem(person.Certificate));

    public string KeyOf(Person person) => Write($"{person.Address}.key", Mail.Bytes(person.Key.ExportPkcs8PrivateKeyPem()));

    /// <returns>What openssl wrote to its standard output.</returns>
    public async Task<byte[]> RunAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"openssl {string.Join(' ', arguments)} ended with {exitCode}: {errors}");
        return output;
    }

    public async Task<(int ExitCode, byte[] Output, string Errors)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory.FullName,
        };
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = await process.StandardError.ReadToEndAsync();
        await copying;
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToArray(), errors);
    }

    public static byte[] Pem(X509Certificate2 certificate) => Mail.Bytes(certificate.ExportCertificatePem() + "\n");

    public void Dispose() => _directory.Delete(recursive: true);
}
