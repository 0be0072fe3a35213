using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Protection;

namespace Portal.Application.LargeFiles;

/// <param name="Organisation">Whose it is.</param>
/// <param name="FileName">As its sender calls it.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of the bytes; hexadecimal.</param>
/// <param name="ExpiresAt">Until when it can be fetched.</param>
public sealed record LargeFileView(OrganisationId Organisation, string FileName, long Length, string Sha256, DateTimeOffset ExpiresAt);

/// <summary>What a key leads to.</summary>
public abstract record LargeFileAccess
{
    public sealed record Here(LargeFileView File) : LargeFileAccess;

    /// <param name="Organisation">Whose it was.</param>
    /// <param name="At">Since when.</param>
    public sealed record Expired(OrganisationId Organisation, DateTimeOffset At) : LargeFileAccess;

    public sealed record Recalled(OrganisationId Organisation) : LargeFileAccess;

    public sealed record NotFound : LargeFileAccess;
}

/// <summary>Files that travel beside their messages, for whoever has the key that a message carries.</summary>
public sealed class LargeFiles
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly SealedBlobs _blobs;
    private readonly TimeProvider _clock;

    internal LargeFiles(PortalDatabase database, IDirectory directory, SealedBlobs blobs, TimeProvider clock) =>
        (_database, _directory, _blobs, _clock) = (database, directory, blobs, clock);

    /// <summary>How a file is called in addresses: whoever has it cannot open the file.</summary>
    /// <returns>Null for what is no key.</returns>
    public static string? NameOf(string key) => KeyOf(key) is { } bytes ? Base64Url.EncodeToString(LargeFile.TokenOf(bytes)) : null;

    internal static string NameOf(LargeFileReference reference) => Base64Url.EncodeToString(LargeFile.TokenOf(reference.Key));

    /// <summary>Changes nothing.</summary>
    public async Task<LargeFileAccess> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (KeyOf(key) is not { } bytes || await FindAsync(bytes, cancellationToken) is not { } file)
        {
            return new LargeFileAccess.NotFound();
        }

        if (file.RecalledAt is not null)
        {
            return new LargeFileAccess.Recalled(file.OrganisationId);
        }

        if (!IsHere(file))
        {
            return new LargeFileAccess.Expired(file.OrganisationId, file.ExpiresAt);
        }

        using var own = new SealingKey(bytes);
        var name = file.Name(own);
        return new LargeFileAccess.Here(new LargeFileView(file.OrganisationId, name.FileName, file.Length, Convert.ToHexStringLower(name.Sha256), file.ExpiresAt));
    }

    /// <summary>The deed of fetching, on record for the sender.</summary>
    /// <returns>False for what cannot be fetched, or not any more.</returns>
    public async Task<bool> BeginAsync(string key, CancellationToken cancellationToken)
    {
        if (KeyOf(key) is not { } bytes || await FindAsync(bytes, cancellationToken) is not { } file || !IsHere(file))
        {
            return false;
        }

        await CountAsync(file, cancellationToken);
        return true;
    }

    /// <param name="key">As it stands in the link.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null for what cannot be fetched, or not any more.</returns>
    public async Task<Download?> OpenAsync(string key, CancellationToken cancellationToken) =>
        KeyOf(key) is { } bytes ? await OpenAsync(bytes, expected: null, isAnew: false, cancellationToken) : null;

    /// <summary>As a message says; null also when it is not the file that the message was signed with.</summary>
    internal Task<Download?> OpenAsync(LargeFileReference reference, bool isAnew, CancellationToken cancellationToken) =>
        OpenAsync(reference.Key, reference.Sha256, isAnew, cancellationToken);

    private async Task<Download?> OpenAsync(byte[] key, byte[]? expected, bool isAnew, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is not { ContentId: { } content } file || !IsHere(file))
        {
            return null;
        }

        using var own = new SealingKey([.. key]);
        var name = file.Name(own);
        if (expected is not null && !CryptographicOperations.FixedTimeEquals(expected, name.Sha256))
        {
            return null;
        }

        using var contentKey = file.ContentKey(own);
        if (contentKey is null)
        {
            return null;
        }

        var stream = await _blobs.OpenAsync(file.OrganisationId, content, contentKey, cancellationToken);
        if (isAnew)
        {
            await CountAsync(file, cancellationToken);
        }

        return new Download(name.FileName, name.MediaType, file.Length, stream);
    }

    private async Task CountAsync(LargeFile file, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await using var db = await _database.WriteAsync(file.OrganisationId, cancellationToken);
        await db.LargeFiles
            .Where(one => one.OrganisationId == file.OrganisationId && one.Id == file.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Downloads, one => one.Downloads + 1).SetProperty(one => one.LastDownloadedAt, now), cancellationToken);
        db.Record(new AuditEvent(new Actor.Portal(file.OrganisationId, "large-files"), AuditAction.LargeFileFetched, file.Id.Value));
        db.Announce(file.MailboxId);
        await db.CommitAsync(cancellationToken);
    }

    private async Task<LargeFile?> FindAsync(byte[] key, CancellationToken cancellationToken)
    {
        if (await _directory.FindLargeFileAsync(LargeFile.TokenOf(key), cancellationToken) is not { } place)
        {
            return null;
        }

        await using var db = await _database.ReadAsync(place.Organisation, cancellationToken);
        return await db.LargeFiles.SingleOrDefaultAsync(one => one.OrganisationId == place.Organisation && one.Id == place.File, cancellationToken);
    }

    private bool IsHere(LargeFile file) => file.ContentId is not null && file.RecalledAt is null && _clock.GetUtcNow() < file.ExpiresAt;

    private static byte[]? KeyOf(string text) => Base64Url.IsValid(text, out var length) && length == SealingKey.Length ? Base64Url.DecodeFromChars(text) : null;
}
