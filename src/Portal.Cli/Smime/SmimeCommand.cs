using System.CommandLine;
using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.Cli.Smime;

/// <summary>The engine by itself: files in, files out, without the portal's database and keys.</summary>
internal static class SmimeCommand
{
    public static Command Make() => new("smime", "Opens, protects and checks S/MIME files, without the portal's own data: why does this message not open?")
    {
        OpenCommand.Make(),
        ProtectCommand.Make(),
        ReceiptCommand.Make(),
        VerifyReceiptCommand.Make(),
        CertificateCommand.Make(),
    };

    /// <summary>What is wrong with a file is said in words.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<Voice, Task<int>> command)
    {
        var voice = new Voice(parsed);
        try
        {
            return await command(voice);
        }
        catch (ContradictionException exception)
        {
            return await UsageError.SayAsync(parsed, [exception.Message], parsed.InvocationConfiguration.Error);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or KeyStoreException)
        {
            return await voice.RefuseAsync(exception.Message);
        }
    }
}
