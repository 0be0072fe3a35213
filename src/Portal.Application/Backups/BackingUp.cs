using System.Reflection;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Application.Audit;
using Portal.Smime.Keys;

namespace Portal.Application.Backups;

/// <summary>One file with everything that the portal stores, sealed as it is stored.</summary>
public sealed class BackingUp
{
    private readonly PortalDatabase _database;
    private readonly IDirectory _directory;
    private readonly IDatabaseBackup _backup;
    private readonly IMasterKeyPlace? _masterKey;
    private readonly TimeProvider _clock;

    internal BackingUp(PortalDatabase database, IDirectory directory, IDatabaseBackup backup, IMasterKeyPlace? masterKey, TimeProvider clock) =>
        (_database, _directory, _backup, _masterKey, _clock) = (database, directory, backup, masterKey, clock);

    /// <param name="path">Must not be there yet.</param>
    /// <param name="withMasterKey">Puts the key beside what it opens: then the file alone is enough to read everything.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="BackupException">In words.</exception>
    public async Task<BackupManifest> WriteAsync(string path, bool withMasterKey, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (Path.Exists(path))
        {
            throw new BackupException($"{path} is there already.");
        }

        var migration = await _backup.MigrationAsync(cancellationToken);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new BackupException($"There is no directory {Path.GetDirectoryName(path)}.");
        }

        // Before the copy: what it holds may be newer than this, never older.
        var organisations = await OrganisationsAsync(withMasterKey, cancellationToken);
        var fingerprint = _masterKey?.Fingerprint();
        var dump = $"{path}.{Guid.NewGuid():N}";
        var secret = withMasterKey ? _masterKey?.Export() ?? throw new BackupException("There is no master key to put into the backup.") : null;
        try
        {
            await _backup.DumpAsync(dump, cancellationToken);
            var manifest = new BackupManifest(
                BackupManifest.PresentForm,
                _clock.GetUtcNow(),
                typeof(BackingUp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
                _backup.Provider,
                migration,
                fingerprint,
                await FormerMasterKeysAsync(fingerprint, cancellationToken),
                withMasterKey,
                new FileInfo(dump).Length,
                await Sha256Async(dump, cancellationToken),
                secret is null ? null : BackupArchive.Hex(SHA256.HashData(secret)),
                organisations);
            await BackupArchive.WriteAsync(path, manifest, dump, secret, cancellationToken);
            return manifest;
        }
        finally
        {
            File.Delete(dump);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async Task<List<BackedUpOrganisation>> OrganisationsAsync(bool withMasterKey, CancellationToken cancellationToken)
    {
        var organisations = new List<BackedUpOrganisation>();
        foreach (var id in await _directory.ListOrganisationsAsync(cancellationToken))
        {
            await using (var write = await _database.WriteAsync(id, cancellationToken))
            {
                var detail = new Dictionary<string, string> { ["masterKey"] = withMasterKey ? "true" : "false" };
                write.Record(new AuditEvent(new Actor.Portal(id, "backup"), AuditAction.BackupMade, id.Value, detail));
                await write.CommitAsync(cancellationToken);
            }

            await using var db = await _database.ReadAsync(id, cancellationToken);
            var name = await db.Organisations.Where(one => one.Id == id).Select(one => one.Name).SingleAsync(cancellationToken);
            var chain = await db.AuditChains.SingleAsync(one => one.OrganisationId == id, cancellationToken);
            organisations.Add(new BackedUpOrganisation(id.ToString(), name, chain.LastSequence, BackupArchive.Hex(chain.LastHash)));
        }

        return organisations;
    }

    private async Task<IReadOnlyList<string>> FormerMasterKeysAsync(string? present, CancellationToken cancellationToken)
    {
        // Those that another store unwraps are in the database themselves.
        await using var db = await _database.ReadInstallationAsync(cancellationToken);
        return await db.SealedPrivateKeys
            .Select(one => one.MasterKey)
            .Where(one => one != present && !db.WrappedMasterKeys.Any(wrapped => wrapped.Fingerprint == one))
            .Distinct()
            .ToListAsync(cancellationToken);
    }

    private static async Task<string> Sha256Async(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return BackupArchive.Hex(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
