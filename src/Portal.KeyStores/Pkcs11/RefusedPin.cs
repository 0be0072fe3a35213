using System.Globalization;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Pkcs11;

/// <summary>
/// That a token did not take the PIN, remembered in a file beyond the process's end: a service manager starts a portal that
/// has failed again and again, and each start would bring the token nearer to locking itself.
/// </summary>
/// <param name="file">There while the PIN is known to be wrong.</param>
internal sealed class RefusedPin(string file)
{
    public static RefusedPin Of(string store, string directory) => new(Path.GetFullPath(Path.Combine(directory, $"pin-refused-{store}")));

    public string ToMend => $"Set the right PIN, delete {file}, and start the portal anew.";

    /// <exception cref="KeyStoreException">It was refused before, and nothing says that there is another one.</exception>
    public void DemandNone(Pkcs11Options options)
    {
        if (!File.Exists(file))
        {
            return;
        }

        var at = File.GetLastWriteTimeUtc(file);
        if (options.Pin is { Length: > 0 } || options.PinFile is not { Length: > 0 } pinFile || File.GetLastWriteTimeUtc(pinFile) <= at)
        {
            throw new KeyStoreException(
                KeyStoreFailure.Unavailable,
                string.Create(CultureInfo.InvariantCulture, $"The token {options.Token} did not take its PIN at {at:u}, and is not asked again before it locks itself. {ToMend}"));
        }
    }

    public void Remember()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Empty);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // This process remembers.
        }
    }

    public void Forget()
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is older than the PIN, or there is none.
        }
    }
}
