using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace Portal.Application.Backups;

internal abstract record ArchiveReading
{
    /// <param name="Manifest">What it says of itself.</param>
    /// <param name="Database">The dump, in a file of its own.</param>
    /// <param name="MasterKey">Null when it is not in the archive.</param>
    public sealed record Whole(BackupManifest Manifest, string Database, byte[]? MasterKey) : ArchiveReading;

    /// <param name="Reason">In words.</param>
    public sealed record Unreadable(string Reason) : ArchiveReading;
}

/// <summary>One tar: the manifest, its checksum, the database and, if it was asked for, the master key. Each is checked before any is used.</summary>
internal static class BackupArchive
{
    private const string Manifest = "manifest.json";
    private const string ManifestChecksum = "manifest.json.sha256";
    private const string Database = "database";
    private const string MasterKey = "master.key";
    private const int LongestSmall = 16 * 1024 * 1024;

    /// <summary>Whole at its place or not at all.</summary>
    public static async Task WriteAsync(string path, BackupManifest manifest, string database, byte[]? masterKey, CancellationToken cancellationToken)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = PrivateFile.Create(draft))
            {
                await using (var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
                {
                    var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);
                    await AddAsync(tar, Manifest, new MemoryStream(bytes), manifest.MadeAt, cancellationToken);
                    await AddAsync(tar, ManifestChecksum, new MemoryStream(SHA256.HashData(bytes)), manifest.MadeAt, cancellationToken);
                    await using (var dump = File.OpenRead(database))
                    {
                        await AddAsync(tar, Database, dump, manifest.MadeAt, cancellationToken);
                    }

                    if (masterKey is not null)
                    {
                        await AddAsync(tar, MasterKey, new MemoryStream(masterKey), manifest.MadeAt, cancellationToken);
                    }
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <param name="path">The archive.</param>
    /// <param name="directory">For the database's file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<ArchiveReading> ReadAsync(string path, string directory, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await using var tar = new TarReader(file);
            return await ReadAsync(tar, directory, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return new ArchiveReading.Unreadable($"{path} cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            return new ArchiveReading.Unreadable("It is no archive of the portal, or it is damaged.");
        }
    }

    private static async Task<ArchiveReading> ReadAsync(TarReader tar, string directory, CancellationToken cancellationToken)
    {
        var bytes = await SmallAsync(tar, Manifest, cancellationToken);
        var checksum = await SmallAsync(tar, ManifestChecksum, cancellationToken);
        if (bytes is null || checksum is null)
        {
            return new ArchiveReading.Unreadable("It is no archive of the portal, or it is damaged: it does not begin with a manifest.");
        }

        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(checksum) || JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupManifest) is not { } manifest)
        {
            return new ArchiveReading.Unreadable("It is damaged: the manifest does not fit its checksum.");
        }

        if (manifest.Form != BackupManifest.PresentForm)
        {
            return new ArchiveReading.Unreadable($"It was made by another version of the portal, {manifest.Version}.");
        }

        var database = Path.Combine(directory, Database);
        if (await NextAsync(tar, Database, cancellationToken) is not { } entry || !await ExtractAsync(entry, database, manifest, cancellationToken))
        {
            return new ArchiveReading.Unreadable("It is damaged: the database in it does not fit its checksum.");
        }

        if (!manifest.HoldsMasterKey)
        {
            return new ArchiveReading.Whole(manifest, database, null);
        }

        var key = await SmallAsync(tar, MasterKey, cancellationToken);
        return key is not null && Hex(SHA256.HashData(key)) == manifest.MasterKeySha256
            ? new ArchiveReading.Whole(manifest, database, key)
            : new ArchiveReading.Unreadable("It is damaged: the master key in it does not fit its checksum.");
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static async Task<bool> ExtractAsync(TarEntry entry, string path, BackupManifest manifest, CancellationToken cancellationToken)
    {
        await using var target = PrivateFile.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        var length = 0L;
        while (await entry.DataStream!.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length += read;
        }

        return length == manifest.DatabaseLength && Hex(hash.GetHashAndReset()) == manifest.DatabaseSha256;
    }

    private static async Task AddAsync(TarWriter tar, string name, Stream content, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            ModificationTime = at,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, string name, CancellationToken cancellationToken) =>
        await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { DataStream: not null } entry && entry.Name == name ? entry : null;

    private static async Task<byte[]?> SmallAsync(TarReader tar, string name, CancellationToken cancellationToken)
    {
        if (await NextAsync(tar, name, cancellationToken) is not { Length: < LongestSmall } entry)
        {
            return null;
        }

        var bytes = new byte[entry.Length];
        await entry.DataStream!.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
