namespace Portal.Cli;

/// <summary>Whether a file that was named can be what the command needs.</summary>
internal static class NamedFile
{
    private const int Most = 64 * 1024 * 1024;

    /// <exception cref="IOException">In words: it is missing, or no file.</exception>
    public static FileInfo ToRead(FileInfo file) => file switch
    {
        { Exists: true } => file,
        _ when Directory.Exists(file.FullName) => throw new IOException($"{file.FullName} is a directory: name the file in it."),
        _ => throw new IOException($"There is no file {file.FullName}."),
    };

    /// <summary>All of it, of what is small by its nature.</summary>
    /// <exception cref="IOException">In words: it is missing, no file, or longer than such files are.</exception>
    public static async Task<byte[]> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = ToRead(file).OpenRead();
        using var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > Most)
            {
                throw new IOException($"{file.Name} is longer than {Most} bytes: no certificate, list or key is.");
            }
        }

        return content.ToArray();
    }

    /// <summary>All of it or nothing: under its name there is never a part.</summary>
    /// <exception cref="IOException">In words: it cannot be written.</exception>
    public static async Task WriteAsync(FileInfo file, Func<Stream, Task> write)
    {
        var part = Path.Combine(file.DirectoryName!, $".{Path.GetRandomFileName()}.part");
        try
        {
            await using (var stream = new FileStream(part, FileMode.CreateNew))
            {
                await write(stream);
            }

            File.Move(part, file.FullName);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{file.FullName} cannot be written: nobody may there, or not you.", exception);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <exception cref="IOException">In words: it is there already, or its directory is not.</exception>
    public static FileInfo ToWrite(FileInfo file) => file switch
    {
        _ when Path.Exists(file.FullName) => throw new IOException($"{file.FullName} is there already."),
        { Directory.Exists: true } => file,
        _ => throw new IOException($"There is no directory {file.DirectoryName}."),
    };
}
