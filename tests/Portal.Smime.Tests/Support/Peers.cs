using System.Diagnostics;
using System.Text.Json;

namespace Portal.Smime.Tests.Support;

/// <summary>Foreign software beside openssl.</summary>
internal static class Peers
{
    /// <summary>Signed attributes as python3-pyasn1-modules decodes them.</summary>
    /// <param name="structure">ContentInfo, DER.</param>
    public static async Task<JsonElement> AttributesAsync(byte[] structure)
    {
        // Debian's python, whatever else is on the path: the modules are its packages.
        var (exitCode, output, errors) = await RunAsync("/usr/bin/python3", structure, PathOf("decode_attributes.py"));
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Of key files.</summary>
    public const string Password = "peers";

    /// <summary>PKCS#12 as old software wants it, under the person's address.</summary>
    public static async Task<string> KeyFileAsync(Workbench bench, Person person)
    {
        var path = bench.PathOf($"{person.Address}.p12");
        await bench.RunAsync(
            "pkcs12", "-export", "-legacy", "-name", person.Address, "-in", bench.CertificateOf(person), "-inkey", bench.KeyOf(person),
            "-out", path, "-passout", $"pass:{Password}");
        return path;
    }

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);

    public static async Task<(int ExitCode, byte[] Output, string Errors)> RunAsync(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await Task.WhenAll(copying, errors, process.WaitForExitAsync());
        return (process.ExitCode, output.ToArray(), await errors);
    }
}
