using System.Security.Cryptography;
using Portal.Smime.Keys;

namespace Portal.KeyStores.Local;

/// <summary>The file that holds a master key: 32 bytes, mode 0600, written once.</summary>
internal static class MasterKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int LockAttempts = 200;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);

    /// <returns>32 bytes.</returns>
    /// <exception cref="KeyStoreException">The file is not private, not whole or not reachable.</exception>
    public static byte[] ReadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                using var alone = Alone(path);
                CreateIfMissing(path);
            }

            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"The master key file {path} cannot be read or made.", exception);
        }
    }

    // Alone with it: nothing else keeps a process from putting its key in another's place.
    private static void CreateIfMissing(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        var secret = RandomNumberGenerator.GetBytes(MasterKey.Length);
        Create(path, secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static byte[] Read(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("A master key file needs Unix file modes.");
        }

        using var file = File.OpenHandle(path);
        var mode = File.GetUnixFileMode(file);
        return (mode & Everyone) == 0
            ? ReadWhole(file, path)
            : throw Refused($"The master key file {path} can be reached by others than its owner: its mode has to be 0600.");
    }

    private static byte[] ReadWhole(Microsoft.Win32.SafeHandles.SafeFileHandle file, string path)
    {
        var secret = new byte[MasterKey.Length];
        if (RandomAccess.GetLength(file) == secret.Length && RandomAccess.Read(file, secret, 0) == secret.Length)
        {
            return secret;
        }

        throw Refused($"The master key file {path} has to hold exactly 32 bytes.");
    }

    /// <returns>The file that holds the one that seals, and its predecessors; those that are there.</returns>
    public static IEnumerable<string> Present(string path) =>
        Directory.Exists(Path.GetDirectoryName(path))
            ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.older-*").Concat(File.Exists(path) ? [path] : [])
            : [];

    /// <summary>A new key in the file; the former one goes beside it first. One process at a time.</summary>
    /// <exception cref="KeyStoreException">The directory cannot be written, or another process renews for long.</exception>
    public static void Renew(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        var secret = RandomNumberGenerator.GetBytes(MasterKey.Length);
        byte[] former = [];
        try
        {
            using var alone = Alone(path);
            CreateIfMissing(path);
            former = Read(path);
            using var formerKey = MasterKey.Over([.. former]);
            var beside = $"{path}.older-{formerKey.Fingerprint}";
            Create(beside, former);
            if (!CryptographicOperations.FixedTimeEquals(Read(beside), former))
            {
                throw Refused($"{beside} holds another key than its name says: nothing was changed.");
            }

            Create(draft, secret);
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException(KeyStoreFailure.Unavailable, $"No new master key can be written beside {path}.", exception);
        }
        finally
        {
            File.Delete(draft);
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(former);
        }
    }

    // The lock is on the open file, and goes with its process.
    private static FileStream Alone(string path)
    {
        for (var left = LockAttempts; ; left--)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (left > 0 && Directory.Exists(Path.GetDirectoryName(path)))
            {
                Thread.Sleep(BetweenAttempts);
            }
        }
    }

    // Whole or not at all: who reads meanwhile must not read half a key.
    public static void Create(string path, byte[] secret)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(draft, options))
            {
                file.Write(secret);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // It is there already.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static KeyStoreException Refused(string message) => new(KeyStoreFailure.Refused, message);
}
