namespace Portal.Cli;

/// <summary>Whether a file that was named can be what the command needs.</summary>
internal static class NamedFile
{
    /// <exception cref="IOException">In words: it is missing, or no file.</exception>
    public static FileInfo ToRead(FileInfo file) => file switch
    {
        { Exists: true } => file,
        _ when Directory.Exists(file.FullName) => throw new IOException($"{file.FullName} is a directory: name the file in it."),
        _ => throw new IOException($"There is no file {file.FullName}."),
    };

    /// <exception cref="IOException">In words: it is there already, or its directory is not.</exception>
    public static FileInfo ToWrite(FileInfo file) => file switch
    {
        _ when Path.Exists(file.FullName) => throw new IOException($"{file.FullName} is there already."),
        { Directory.Exists: true } => file,
        _ => throw new IOException($"There is no directory {file.DirectoryName}."),
    };
}
