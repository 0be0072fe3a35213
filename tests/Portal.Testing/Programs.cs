using System.Diagnostics;

namespace Portal.Testing;

/// <param name="ExitCode">0 when the program is content.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Words">What it said beside that.</param>
public sealed record ProgramResult(int ExitCode, byte[] Output, string Words)
{
    /// <exception cref="InvalidOperationException">The program is not content; the message is its own.</exception>
    public byte[] Demand() => ExitCode == 0 ? Output : throw new InvalidOperationException(Words);
}

/// <summary>Foreign programs, to agree with.</summary>
public static class Programs
{
    public static async Task<ProgramResult> RunAsync(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var output = new MemoryStream();
        var read = process.StandardOutput.BaseStream.CopyToAsync(output);
        var words = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before reading everything, and says why.
        }

        await Task.WhenAll(read, words, process.WaitForExitAsync());
        return new ProgramResult(process.ExitCode, output.ToArray(), await words);
    }
}
